import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain } from '../../../cli/explain/explain.ts'
import { errorTable } from '../../../shared/errors/error-table.ts'
import { examples } from '../../shared/diagnoses/examples/index.ts'
import { pasted } from './paste-formats.ts'

const causesOf = (text: string) => explain(text).map(({ causes }) => causes.map(({ id }) => id))

/** A driver's error as JSON has the code beside the message. */
const written = examples.map(({ text, codes }) => ({
  text: codes ? `${text} ${JSON.stringify({ code: codes[0], status: codes[1] })}` : text,
  causes: causesOf(codes ? `${text} ${JSON.stringify({ code: codes[0], status: codes[1] })}` : text),
}))

for (const [how, change] of Object.entries(pasted)) {
  test(`every known error is recognized ${how}`, () => {
    for (const { text, causes } of written) assert.deepEqual(causesOf(change(text)), causes, change(text))
  })
}

test('each known error has causes', () => {
  assert.deepEqual(
    written.filter(({ causes }) => causes.length !== 1 || causes[0]?.length === 0),
    [],
  )
})

for (const [code, { message, remedy }] of Object.entries(errorTable)) {
  test(`${code} is explained with the fix of its table`, () => {
    const body = JSON.stringify({ error: { code, message, requestId: 'abc' } })
    const expected = [{ system: 'snowgate service', summary: message, remedy }]
    const explained = explain(body).map(({ system, summary, remedy }) => ({ system, summary, remedy }))
    assert.deepEqual(explained, expected)
    assert.deepEqual(
      explain(`'{"error":{"code":"${code}","message":"in other words"}}'`).map(({ remedy }) => remedy),
      [remedy],
    )
  })
}

interface FixCase {
  readonly claim: string
  readonly text: string
  /** In the fix of the first cause. */
  readonly fix: RegExp
}

const fixCases: readonly FixCase[] = [
  {
    claim: 'the ARN of a session becomes that of its role, for ALTER USER',
    text: "Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN 'arn:aws-cn:sts::123456789012:assumed-role/my-role-ab12/fn'",
    fix: /ALTER USER <user> SET WORKLOAD_IDENTITY = \(TYPE = AWS ARN = 'arn:aws-cn:iam::123456789012:role\/my-role-ab12'\)$/,
  },
  {
    claim: 'caller, stage and route of a denial are those to write into the map',
    text: '{"Message":"User: arn:aws:sts::111111111111:assumed-role/snowgate-prod-night-jobs/me is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-central-1:********1111:a1b2c3d4e5/prod/PUT/hello because no identity-based policy allows the execute-api:Invoke action"}',
    fix: /^Add PUT \/hello to routes of the caller .* npx snowgate deploy --stage prod\.$/,
  },
  {
    claim: 'the stage of a caller role is the one to call',
    text: '{"Message":"User: arn:aws:sts::111111111111:assumed-role/snowgate-dev-night-jobs/me is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-central-1:********1111:a1b2c3d4e5/prod/POST/hello with an explicit deny in a resource-based policy"}',
    fix: /^Call the URL of the stage dev, /,
  },
  {
    claim: 'both roles of a rejected AssumeRole are in the policy that allows it',
    text: 'User: arn:aws:sts::222222222222:assumed-role/LambdaRoleDeve/nightly is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/snowgate-dev-analytics because no identity-based policy allows the sts:AssumeRole action',
    fix: /--role-name LambdaRoleDeve .*"Resource":"arn:aws:iam::111111111111:role\/snowgate-dev-analytics"/,
  },
  {
    claim: 'the role that was not granted is granted',
    text: "390189 (08004): Role 'ANALYST' specified in the connect string does not exist or not authorized.",
    fix: /^GRANT ROLE ANALYST TO USER <user>/,
  },
  {
    claim: 'the rejected address is in the statement that allows it',
    text: 'Incoming request with IP/Token 203.0.113.10 is not allowed to access Snowflake.',
    fix: /ALLOWED_IP_LIST = \('203\.0\.113\.10'\)/,
  },
  {
    claim: 'the service that the signature is for is named',
    text: "Credential should be scoped to correct service: 'neptune-db'.",
    fix: /^Sign for neptune-db: --service neptune-db /,
  },
  {
    claim: 'the integration that is missing is named',
    text: "Integration 'SNOWGATE_DEV_SNOWFLAKE_API' does not exist or not authorized.",
    fix: /GRANT USAGE ON INTEGRATION SNOWGATE_DEV_SNOWFLAKE_API TO ROLE <grantee>/,
  },
  {
    claim: 'the host of the API is the one of the network rule',
    text: 'hello could not connect to a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com: is the host in the network rule, and the API deployed?',
    fix: /VALUE_LIST = \('a1b2c3d4e5\.execute-api\.eu-central-1\.amazonaws\.com'\)/,
  },
]

for (const { claim, text, fix } of fixCases) {
  test(claim, () => {
    assert.match(explain(text)[0]?.causes[0]?.fix ?? '', fix)
  })
}

test('several errors are explained in order, and a repeated one once', () => {
  const forbidden = '{"message":"Forbidden"}'
  const expired = 'The security token included in the request is expired'
  const warehouse = '000606 (57P03): No active warehouse selected in the current session.'
  assert.deepEqual(
    causesOf([warehouse, forbidden, '…', expired, forbidden].join('\n')).map(([first]) => first),
    ['warehouse-missing', 'api-key-required', 'session-expired'],
  )
})

test('the same words about two roles are two errors', () => {
  const denied = (role: string) =>
    `User: arn:aws:sts::222222222222:assumed-role/${role}/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/snowgate-dev-analytics because no identity-based policy allows the sts:AssumeRole action`
  assert.equal(causesOf([denied('One'), denied('Two')].join('\n')).length, 2)
})

test('of a long log the end is read', () => {
  const log = '2026-11-24T04:43:16Z INFO nothing\n'.repeat(200_000)
  assert.deepEqual(causesOf(`${log}{"message":"Forbidden"}`)[0]?.[0], 'api-key-required')
})
