/** Every hop against the running stack: whole, and with one thing altered on the wire. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openLocalStack } from '../../../cli/local-stack/index.ts'
import { setUpWhole } from '../../../cli/start/index.ts'
import { readAccessMap, stageOf } from '../../../shared/access/index.ts'
import { type RunningStack, runningStack } from '../../local/running-stack.ts'
import { serviceMap } from '../../service-map.ts'
import { type Alter, type Asked, startAlteringRelay, type Told } from './altering-relay.ts'
import { failuresOf, lookAt } from './looked-at.ts'

const accessMap = serviceMap
let stack: RunningStack
before(async () => {
  stack = await runningStack()
  await setUpWhole(openLocalStack(stack.url), 'dev', stageOf(readAccessMap(accessMap), 'dev'))
})
after(() => stack.stop())

test('at a stack with Snowflake set up every hop is sound', async () => {
  const reports = await lookAt({ url: stack.url, accessMap })
  assert.deepEqual(
    [...reports.values()].filter(({ outcome }) => outcome !== 'passed'),
    [],
  )
})

/** The answers to one question, with a text in them replaced by another. */
const replaced =
  (what: RegExp, from: string | RegExp, to: string): Alter =>
  (asked, told) =>
    what.test(named(asked)) ? { ...told, body: told.body.replaceAll(new RegExp(from, 'g'), to) } : told

const named = ({ service, what }: Asked) => `${service} ${what}`

const instead =
  (what: RegExp, answer: Partial<Told>): Alter =>
  (asked, told) =>
    what.test(named(asked)) ? { ...told, ...answer } : told

const errorType = (type: string) => ({ 'content-type': 'application/json', 'x-amzn-errortype': type })

const noSuchEntity = {
  status: 404,
  body: '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role cannot be found.</Message></Error></ErrorResponse>',
}

const failedWith =
  (payload: unknown): Alter =>
  (asked, told) =>
    /lambda POST .*-hello\/invocations/.test(named(asked))
      ? { ...told, headers: { ...told.headers, 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify(payload) }
      : told

const savedApi = /^apigateway GET \/restapis\/\w+$/
const savedMethods = /^apigateway GET \/restapis\/\w+\/resources$/
const exported = /^apigateway GET .*\/exports\/oas30$/
const deploy = /^npx snowgate deploy --stage dev --local --stack http:\S+$/

interface Case {
  readonly claim: string
  readonly alter: Alter
  /** The one hop that fails, and its cause. */
  readonly fails: string
  readonly evidence: RegExp
  readonly mend?: RegExp
}

const cases: readonly Case[] = [
  {
    claim: 'a clock that is ten minutes fast',
    alter: (asked, told) =>
      asked.service === 'sts'
        ? { ...told, headers: { ...told.headers, date: new Date(Date.now() - 600_000).toUTCString() } }
        : told,
    fails: 'identity clock-skewed',
    evidence: /the clock here is (599|60[0-2]) s fast/,
    mend: /set-ntp/,
  },
  {
    claim: 'a stack that is gone',
    alter: (asked, told) =>
      /^cloudformation DescribeStacks/.test(named(asked))
        ? {
            ...told,
            status: 400,
            body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id snowgate-dev does not exist</Message></Error></ErrorResponse>',
          }
        : told,
    fails: 'stack not-deployed',
    evidence: /there is no stack snowgate-dev in eu-central-1 of account 111111111111/,
    mend: /^npx snowgate start --stage dev$/,
  },
  {
    claim: 'a stack whose creation failed',
    alter: replaced(/^cloudformation DescribeStacks/, 'UPDATE_COMPLETE', 'ROLLBACK_COMPLETE'),
    fails: 'stack not-deployed',
    evidence: /is ROLLBACK_COMPLETE/,
    mend: /^npx snowgate start/,
  },
  {
    claim: 'a template that was compiled from another map',
    alter: replaced(/^cloudformation GetTemplate/, 'LambdaRoleDeve', 'LambdaRoleOld'),
    fails: 'template map-not-deployed',
    evidence: /^caller analytics: arn:aws:iam::222222222222:role\/LambdaRoleDeve may enter, not yet deployed$/,
  },
  {
    claim: 'a template in which a door trusts somebody else than its map says',
    alter: replaced(
      /^cloudformation GetTemplate/,
      '&#34;AWS&#34;:\\[&#34;arn:aws:iam::222222222222:role/LambdaRoleDeve',
      '&#34;AWS&#34;:[&#34;arn:aws:iam::222222222222:role/LambdaRoleOld',
    ),
    fails: 'template map-not-deployed',
    evidence:
      /^role snowgate-dev-analytics\.AssumeRolePolicyDocument\.Statement\[0\]\.Principal\.AWS\[0\]: the map has "arn:aws:iam::222222222222:role\/LambdaRoleDeve", deployed is "arn:aws:iam::222222222222:role\/LambdaRoleOld"$/,
  },
  {
    claim: 'a template with another time for a function',
    alter: replaced(/^cloudformation GetTemplate/, '&#34;Timeout&#34;:5', '&#34;Timeout&#34;:6'),
    fails: 'template map-not-deployed',
    evidence: /function snowgate-dev-hello\.Timeout: the map has 5, deployed is 6/,
  },
  {
    claim: 'a template with a method more',
    alter: replaced(
      /^cloudformation GetTemplate/,
      '&#34;HttpMethod&#34;:&#34;PUT&#34;',
      '&#34;HttpMethod&#34;:&#34;PATCH&#34;',
    ),
    fails: 'template map-not-deployed',
    evidence: /PATCH \/hello is deployed but no longer in the access map/,
  },
  {
    claim: 'an edge-optimised endpoint',
    alter: replaced(savedApi, 'REGIONAL', 'EDGE'),
    fails: 'endpoint endpoint-edge',
    evidence: /API \w+ has endpoint type EDGE/,
  },
  {
    claim: 'an API without a method of the map',
    alter: replaced(savedMethods, '"PUT":', '"PATCH":'),
    fails: 'routes route-missing',
    evidence: /^the API has no PUT \/hello$/,
  },
  {
    claim: 'a method that asks for no signature',
    alter: replaced(savedMethods, 'AWS_IAM', 'NONE'),
    fails: 'routes method-without-iam',
    evidence: /^POST \/hello has the authorization NONE$/,
  },
  {
    claim: 'a method that requires an API key',
    alter: replaced(savedMethods, '"apiKeyRequired":false', '"apiKeyRequired":true'),
    fails: 'routes api-key-required',
    evidence: /^POST \/hello requires an API key$/,
  },
  {
    claim: 'a method that was saved and not deployed',
    alter: replaced(exported, '"put":', '"patch":'),
    fails: 'routes route-missing',
    evidence: /^PUT \/hello is not deployed to the stage$/,
  },
  {
    claim: 'a method whose signature was saved and not deployed',
    alter: replaced(exported, '"security":\\[\\{"sigv4":\\[\\]\\}\\],', ''),
    fails: 'routes method-without-iam',
    evidence: /^the stage serves POST \/hello without AWS_IAM$/,
  },
  {
    claim: 'an API without a policy',
    alter: replaced(savedApi, '"policy":"(?:[^"\\\\]|\\\\.)*",', ''),
    fails: 'resource-policy policy-missing',
    evidence: /has no resource policy/,
  },
  {
    claim: 'a policy that admits somebody else to one route',
    alter: replaced(savedApi, 'ReportingRole', 'OtherRole'),
    fails: 'resource-policy map-not-deployed',
    evidence: /does not admit arn:aws:iam::444444444444:role\/ReportingRole to POST \/hello$/,
  },
  {
    claim: 'a policy that was saved and not deployed',
    alter: replaced(exported, 'ReportingRole', 'OtherRole'),
    fails: 'resource-policy policy-not-deployed',
    evidence: /^the stage dev of the API \w+ runs with another one than was saved$/,
  },
  {
    claim: 'a stage without the policy that was saved',
    alter: replaced(exported, ',"x-amazon-apigateway-policy":.*', '}'),
    fails: 'resource-policy policy-not-deployed',
    evidence: /runs with none, and one was saved$/,
  },
  {
    claim: 'a door without its role',
    alter: instead(/^iam GetRole snowgate-dev-analytics/, noSuchEntity),
    fails: 'caller-role:analytics caller-role-missing',
    evidence: /there is no role snowgate-dev-analytics in account 111111111111/,
  },
  {
    claim: 'a door that trusts somebody else',
    alter: replaced(/^iam GetRole snowgate-dev-analytics/, 'LambdaRoleDeve', 'LambdaRoleOld'),
    fails: 'caller-role:analytics caller-role-principal-wrong',
    evidence: /does not name arn:aws:iam::222222222222:role\/LambdaRoleDeve, as access\.yml does/,
  },
  {
    claim: 'a door whose principal was deleted',
    alter: replaced(
      /^iam GetRole snowgate-dev-analytics/,
      'arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2FLambdaRoleDeve',
      'AROAEXAMPLEEXAMPLE123',
    ),
    fails: 'caller-role:analytics caller-role-principal-wrong',
    evidence: /names AROAEXAMPLEEXAMPLE123, the id of somebody who was deleted/,
  },
  {
    claim: 'a door that takes another external id',
    alter: replaced(/^iam GetRole snowgate-dev-snowflake/, 'OueZKOG', 'AueZKOG'),
    fails: 'caller-role:snowflake external-id-wrong',
    evidence: /does not take the external id ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9= of access\.yml/,
  },
  {
    claim: 'a door that asks for no external id',
    alter: replaced(/^iam GetRole snowgate-dev-snowflake/, 'sts%3AExternalId', 'aws%3Ausername'),
    fails: 'caller-role:snowflake external-id-wrong',
    evidence: /lacks external id/,
  },
  {
    claim: 'a door that may not call a route',
    alter: replaced(/^iam GetRolePolicy snowgate-dev-analytics/, 'PUT%2Fhello', 'PATCH%2Fhello'),
    fails: 'caller-role:analytics route-not-granted',
    evidence:
      /snowgate-dev-analytics may not PUT \/hello: its policies do not allow execute-api:Invoke on arn:aws:execute-api:eu-central-1:111111111111:\w+\/dev\/PUT\/hello/,
  },
  {
    claim: 'a door that may not invoke a function',
    alter: replaced(/^iam GetRolePolicy snowgate-dev-analytics/, 'InvokeFunction', 'GetFunction'),
    fails: 'caller-role:analytics invoke-not-granted',
    evidence: /may not INVOKE \/hello: its policies do not allow lambda:InvokeFunction/,
  },
  {
    claim: 'a function that does not let in the API for one method',
    alter: replaced(/^lambda GET .*-hello\/policy/, '/dev/PUT/hello', '/dev/PATCH/hello'),
    fails: 'permission:hello function-permission-missing',
    evidence: /the resource policy of snowgate-dev-hello does not allow API Gateway PUT \/hello/,
  },
  {
    claim: 'a function without a policy',
    alter: instead(/^lambda GET .*-invoke\/policy/, {
      status: 404,
      headers: errorType('ResourceNotFoundException'),
      body: '{}',
    }),
    fails: 'permission:invoke function-permission-missing',
    evidence: /does not allow API Gateway POST \/invoke/,
  },
  {
    claim: 'a function that is not there',
    alter: instead(/^lambda GET .*-invoke\/configuration/, {
      status: 404,
      headers: errorType('ResourceNotFoundException'),
      body: '{}',
    }),
    fails: 'function:invoke function-permission-missing',
    evidence: /there is no function snowgate-dev-invoke/,
  },
  {
    claim: 'a function that Lambda could not make',
    alter: replaced(
      /^lambda GET .*-hello\/configuration/,
      '"State":"Active"',
      '"State":"Failed","StateReason":"no code"',
    ),
    fails: 'function:hello function-does-not-load',
    evidence: /in the state Failed: no code/,
  },
  {
    claim: 'a function with less time than it was deployed with',
    alter: replaced(/^lambda GET .*-hello\/configuration/, '"Timeout":5', '"Timeout":2'),
    fails: 'function:hello function-timeout-too-short',
    evidence: /hello has 2 s and should have 5 s/,
  },
  {
    claim: 'a function with less memory than it was deployed with',
    alter: replaced(/^lambda GET .*-hello\/configuration/, '"MemorySize":256', '"MemorySize":128'),
    fails: 'function:hello function-memory-too-small',
    evidence: /hello has 128 MB and should have 256 MB/,
  },
  {
    claim: 'a function whose code does not load',
    alter: failedWith({ errorType: 'Runtime.ImportModuleError', errorMessage: "Cannot find module 'handler'" }),
    fails: 'function:hello function-does-not-load',
    evidence: /invoked with \{"name":"Alice"\}, answered .*ImportModuleError/,
  },
  {
    claim: 'a function that Lambda ended',
    alter: failedWith({ errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 5.00 seconds' }),
    fails: 'function:hello function-timeout-too-short',
    evidence: /Timedout/,
  },
  {
    claim: 'a function that ran out of memory',
    alter: failedWith({ errorType: 'Runtime.OutOfMemory', errorMessage: 'Runtime exited with error: signal: killed' }),
    fails: 'function:hello function-memory-too-small',
    evidence: /OutOfMemory/,
  },
  {
    claim: 'a function that throws',
    alter: failedWith({ errorType: 'TypeError', errorMessage: 'x is undefined' }),
    fails: 'function:hello function-crashes',
    evidence: /TypeError/,
  },
  {
    claim: 'a function that answers in no form',
    alter: instead(/^lambda POST .*-hello\/invocations/, { body: '"Hello"' }),
    fails: 'function:hello answer-malformed',
    evidence: /answered "Hello"$/,
  },
]

for (const { claim, alter, fails, evidence, mend = deploy } of cases) {
  test(`${claim} is found, with its cause, and nothing else is`, async (context) => {
    const relay = await startAlteringRelay(stack.url, alter)
    context.after(() => relay.stop())
    const reports = await lookAt({ url: relay.url, accessMap })
    assert.deepEqual(failuresOf(reports), [fails])
    const report = reports.get(fails.split(' ')[0] ?? '')
    assert.ok(report?.outcome === 'failed')
    assert.ok(
      report.evidence.some((line) => evidence.test(line)),
      JSON.stringify(report.evidence),
    )
    assert.match(report.mend.at(-1)?.text ?? '', mend)
  })
}

test('what whoever looks may not see is not reached, and is no finding', async (context) => {
  const denied = {
    status: 403,
    body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized to perform: iam:GetRole on resource: role snowgate-dev-analytics</Message></Error></ErrorResponse>',
  }
  const relay = await startAlteringRelay(stack.url, instead(/^iam GetRole snowgate-dev-analytics/, denied))
  context.after(() => relay.stop())
  const reports = await lookAt({ url: relay.url, accessMap })
  assert.deepEqual(failuresOf(reports), [])
  const door = reports.get('caller-role:analytics')
  assert.ok(door?.outcome === 'skipped')
  assert.match(door.reason, /^AWS rejected GetRole of snowgate-dev-analytics: AccessDenied: User: x is not authorized/)
})

test('while a deployment is under way nothing is said of it', async (context) => {
  const under = replaced(/^cloudformation DescribeStacks/, 'UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS')
  const relay = await startAlteringRelay(stack.url, under)
  context.after(() => relay.stop())
  const reports = await lookAt({ url: relay.url, accessMap })
  assert.deepEqual(failuresOf(reports), [])
  const deployed = reports.get('stack')
  assert.ok(deployed?.outcome === 'skipped' && /under way \(UPDATE_IN_PROGRESS\)/.test(deployed.reason))
})
