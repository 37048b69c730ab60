import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createLocalStackClient } from '../../../cli/local-stack/local-stack-client.ts'
import { applySetup } from '../../../cli/start/baseline.ts'
import { readAccessMap, stageOf } from '../../../shared/access/index.ts'
import { type RunningStack, runningStack } from '../../local/running-stack.ts'
import { serviceMap } from '../../service-map.ts'
import { type AlterAnswer, type RelayedAnswer, type RelayedRequest, startAlteringRelay } from './altering-relay.ts'
import { failuresOf, runDoctor } from './run-doctor.ts'

/** Every check against the running stack: unaltered, and with one response altered on the wire. */

const accessMap = serviceMap
let stack: RunningStack
before(async () => {
  stack = await runningStack()
  await applySetup(createLocalStackClient(stack.url), 'dev', stageOf(readAccessMap(accessMap), 'dev'))
})
after(() => stack.stop())

test('every check passes at a stack with Snowflake set up', async () => {
  const reports = await runDoctor({ url: stack.url, accessMap })
  assert.deepEqual(
    [...reports.values()].filter(({ outcome }) => outcome !== 'passed'),
    [],
  )
})

/** Replaces a text in the responses to one operation. */
const replaced =
  (operation: RegExp, from: string | RegExp, to: string): AlterAnswer =>
  (request, response) =>
    operation.test(operationName(request))
      ? { ...response, body: response.body.replaceAll(new RegExp(from, 'g'), to) }
      : response

const operationName = ({ service, operation }: RelayedRequest) => `${service} ${operation}`

const answerWith =
  (operation: RegExp, answer: Partial<RelayedAnswer>): AlterAnswer =>
  (request, response) =>
    operation.test(operationName(request)) ? { ...response, ...answer } : response

const errorType = (type: string) => ({ 'content-type': 'application/json', 'x-amzn-errortype': type })

const noSuchEntity = {
  status: 404,
  body: '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role cannot be found.</Message></Error></ErrorResponse>',
}

const failedWith =
  (payload: unknown): AlterAnswer =>
  (request, response) =>
    /lambda POST .*-hello\/invocations/.test(operationName(request))
      ? {
          ...response,
          headers: { ...response.headers, 'x-amz-function-error': 'Unhandled' },
          body: JSON.stringify(payload),
        }
      : response

const savedApi = /^apigateway GET \/restapis\/\w+$/
const savedMethods = /^apigateway GET \/restapis\/\w+\/resources$/
const exported = /^apigateway GET .*\/exports\/oas30$/
const deploy = /^npx snowgate deploy --stage dev --local --stack http:\S+$/

interface Case {
  readonly claim: string
  readonly alter: AlterAnswer
  /** The only check that fails, and its cause. */
  readonly fails: string
  readonly evidence: RegExp
  readonly fix?: RegExp
}

const cases: readonly Case[] = [
  {
    claim: 'a clock that is ten minutes ahead',
    alter: (request, response) =>
      request.service === 'sts'
        ? { ...response, headers: { ...response.headers, date: new Date(Date.now() - 600_000).toUTCString() } }
        : response,
    fails: 'identity clock-skewed',
    evidence: /Clock is (599|60[0-2]) s ahead \(limit 300 s\)/,
    fix: /set-ntp/,
  },
  {
    claim: 'a stack that does not exist',
    alter: (request, response) =>
      /^cloudformation DescribeStacks/.test(operationName(request))
        ? {
            ...response,
            status: 400,
            body: '<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id snowgate-dev does not exist</Message></Error></ErrorResponse>',
          }
        : response,
    fails: 'stack not-deployed',
    evidence: /stack snowgate-dev does not exist in account 111111111111, eu-central-1/,
    fix: /^npx snowgate start --stage dev$/,
  },
  {
    claim: 'a stack whose creation failed',
    alter: replaced(/^cloudformation DescribeStacks/, 'UPDATE_COMPLETE', 'ROLLBACK_COMPLETE'),
    fails: 'stack not-deployed',
    evidence: /is ROLLBACK_COMPLETE/,
    fix: /^npx snowgate start/,
  },
  {
    claim: 'a template that was compiled from another map',
    alter: replaced(/^cloudformation GetTemplate/, 'LambdaRoleDeve', 'LambdaRoleOld'),
    fails: 'template map-not-deployed',
    evidence:
      /^caller analytics: arn:aws:iam::222222222222:role\/LambdaRoleDeve may assume the caller role \(not deployed\)$/,
  },
  {
    claim: 'a template whose caller role trusts another principal than its map',
    alter: replaced(
      /^cloudformation GetTemplate/,
      '&#34;AWS&#34;:\\[&#34;arn:aws:iam::222222222222:role/LambdaRoleDeve',
      '&#34;AWS&#34;:[&#34;arn:aws:iam::222222222222:role/LambdaRoleOld',
    ),
    fails: 'template map-not-deployed',
    evidence:
      /^role snowgate-dev-analytics\.AssumeRolePolicyDocument\.Statement\[0\]\.Principal\.AWS\[0\]: expected "arn:aws:iam::222222222222:role\/LambdaRoleDeve", deployed "arn:aws:iam::222222222222:role\/LambdaRoleOld"$/,
  },
  {
    claim: 'a template with another timeout of a function',
    alter: replaced(/^cloudformation GetTemplate/, '&#34;Timeout&#34;:5', '&#34;Timeout&#34;:6'),
    fails: 'template map-not-deployed',
    evidence: /function snowgate-dev-hello\.Timeout: expected 5, deployed 6/,
  },
  {
    claim: 'a template with an additional method',
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
    evidence: /^the API has no method PUT \/hello$/,
  },
  {
    claim: 'a method without AWS_IAM',
    alter: replaced(savedMethods, 'AWS_IAM', 'NONE'),
    fails: 'routes method-without-iam',
    evidence: /^POST \/hello has authorization type NONE$/,
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
    claim: 'a method whose AWS_IAM was saved and not deployed',
    alter: replaced(exported, '"security":\\[\\{"sigv4":\\[\\]\\}\\],', ''),
    fails: 'routes method-without-iam',
    evidence: /^the deployed stage has no AWS_IAM authorization on POST \/hello$/,
  },
  {
    claim: 'an API without a policy',
    alter: replaced(savedApi, '"policy":"(?:[^"\\\\]|\\\\.)*",', ''),
    fails: 'resource-policy policy-missing',
    evidence: /has no resource policy/,
  },
  {
    claim: 'a policy that allows another principal on one route',
    alter: replaced(savedApi, 'ReportingRole', 'OtherRole'),
    fails: 'resource-policy map-not-deployed',
    evidence: /does not allow arn:aws:iam::444444444444:role\/ReportingRole for POST \/hello$/,
  },
  {
    claim: 'a policy that was saved and not deployed',
    alter: replaced(exported, 'ReportingRole', 'OtherRole'),
    fails: 'resource-policy policy-not-deployed',
    evidence: /^stage dev of API \w+ runs with a different policy; the API has an undeployed one$/,
  },
  {
    claim: 'a stage without the saved policy',
    alter: replaced(exported, ',"x-amazon-apigateway-policy":.*', '}'),
    fails: 'resource-policy policy-not-deployed',
    evidence: /runs with no policy; the API has an undeployed one$/,
  },
  {
    claim: 'a caller role that does not exist',
    alter: answerWith(/^iam GetRole snowgate-dev-analytics/, noSuchEntity),
    fails: 'caller-role:analytics caller-role-missing',
    evidence: /role snowgate-dev-analytics does not exist in account 111111111111/,
  },
  {
    claim: 'a caller role that trusts another principal',
    alter: replaced(/^iam GetRole snowgate-dev-analytics/, 'LambdaRoleDeve', 'LambdaRoleOld'),
    fails: 'caller-role:analytics caller-role-principal-wrong',
    evidence: /lacks arn:aws:iam::222222222222:role\/LambdaRoleDeve, which is in access\.yml/,
  },
  {
    claim: 'a caller role whose principal was deleted',
    alter: replaced(
      /^iam GetRole snowgate-dev-analytics/,
      'arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2FLambdaRoleDeve',
      'AROAEXAMPLEEXAMPLE123',
    ),
    fails: 'caller-role:analytics caller-role-principal-wrong',
    evidence: /has AROAEXAMPLEEXAMPLE123 \(id of a deleted principal\)/,
  },
  {
    claim: 'a caller role with another external id',
    alter: replaced(/^iam GetRole snowgate-dev-snowflake/, 'OueZKOG', 'AueZKOG'),
    fails: 'caller-role:snowflake external-id-wrong',
    evidence: /lacks external id ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=, which is in access\.yml/,
  },
  {
    claim: 'a caller role without an external id',
    alter: replaced(/^iam GetRole snowgate-dev-snowflake/, 'sts%3AExternalId', 'aws%3Ausername'),
    fails: 'caller-role:snowflake external-id-wrong',
    evidence: /lacks external id/,
  },
  {
    claim: 'a caller role that cannot call a route',
    alter: replaced(/^iam GetRolePolicy snowgate-dev-analytics/, 'PUT%2Fhello', 'PATCH%2Fhello'),
    fails: 'caller-role:analytics route-not-granted',
    evidence:
      /snowgate-dev-analytics cannot call PUT \/hello: its policies do not allow execute-api:Invoke on arn:aws:execute-api:eu-central-1:111111111111:\w+\/dev\/PUT\/hello/,
  },
  {
    claim: 'a caller role that cannot invoke a function',
    alter: replaced(/^iam GetRolePolicy snowgate-dev-analytics/, 'InvokeFunction', 'GetFunction'),
    fails: 'caller-role:analytics invoke-not-granted',
    evidence: /cannot call INVOKE \/hello: its policies do not allow lambda:InvokeFunction/,
  },
  {
    claim: 'a function that does not allow the API for one method',
    alter: replaced(/^lambda GET .*-hello\/policy/, '/dev/PUT/hello', '/dev/PATCH/hello'),
    fails: 'permission:hello function-permission-missing',
    evidence: /the resource policy of snowgate-dev-hello does not allow API Gateway PUT \/hello/,
  },
  {
    claim: 'a function without a policy',
    alter: answerWith(/^lambda GET .*-invoke\/policy/, {
      status: 404,
      headers: errorType('ResourceNotFoundException'),
      body: '{}',
    }),
    fails: 'permission:invoke function-permission-missing',
    evidence: /does not allow API Gateway POST \/invoke/,
  },
  {
    claim: 'a function that does not exist',
    alter: answerWith(/^lambda GET .*-invoke\/configuration/, {
      status: 404,
      headers: errorType('ResourceNotFoundException'),
      body: '{}',
    }),
    fails: 'function:invoke function-permission-missing',
    evidence: /function snowgate-dev-invoke does not exist/,
  },
  {
    claim: 'a function that Lambda could not create',
    alter: replaced(
      /^lambda GET .*-hello\/configuration/,
      '"State":"Active"',
      '"State":"Failed","StateReason":"no code"',
    ),
    fails: 'function:hello function-does-not-load',
    evidence: /has state Failed: no code/,
  },
  {
    claim: 'a function with a shorter timeout than deployed',
    alter: replaced(/^lambda GET .*-hello\/configuration/, '"Timeout":5', '"Timeout":2'),
    fails: 'function:hello function-timeout-too-short',
    evidence: /hello has a timeout of 2 s; expected 5 s/,
  },
  {
    claim: 'a function with less memory than deployed',
    alter: replaced(/^lambda GET .*-hello\/configuration/, '"MemorySize":256', '"MemorySize":128'),
    fails: 'function:hello function-memory-too-small',
    evidence: /hello has 128 MB of memory; expected 256 MB/,
  },
  {
    claim: 'a function whose code does not load',
    alter: failedWith({ errorType: 'Runtime.ImportModuleError', errorMessage: "Cannot find module 'handler'" }),
    fails: 'function:hello function-does-not-load',
    evidence: /returned, for \{"name":"Alice"\}: .*ImportModuleError/,
  },
  {
    claim: 'a function that timed out',
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
    claim: 'a function with a malformed response',
    alter: answerWith(/^lambda POST .*-hello\/invocations/, { body: '"Hello"' }),
    fails: 'function:hello answer-malformed',
    evidence: /returned, for \{"name":"Alice"\}: "Hello"$/,
  },
]

for (const { claim, alter, fails, evidence, fix = deploy } of cases) {
  test(`${claim} is the only failure, with its cause`, async (context) => {
    const relay = await startAlteringRelay(stack.url, alter)
    context.after(() => relay.stop())
    const reports = await runDoctor({ url: relay.url, accessMap })
    assert.deepEqual(failuresOf(reports), [fails])
    const report = reports.get(fails.split(' ')[0] ?? '')
    assert.ok(report?.outcome === 'failed')
    assert.ok(
      report.evidence.some((line) => evidence.test(line)),
      JSON.stringify(report.evidence),
    )
    assert.match(report.fixes.at(-1)?.text ?? '', fix)
  })
}

test('a check without the permission to read is skipped, not failed', async (context) => {
  const denied = {
    status: 403,
    body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: x is not authorized to perform: iam:GetRole on resource: role snowgate-dev-analytics</Message></Error></ErrorResponse>',
  }
  const relay = await startAlteringRelay(stack.url, answerWith(/^iam GetRole snowgate-dev-analytics/, denied))
  context.after(() => relay.stop())
  const reports = await runDoctor({ url: relay.url, accessMap })
  assert.deepEqual(failuresOf(reports), [])
  const report = reports.get('caller-role:analytics')
  assert.ok(report?.outcome === 'skipped')
  assert.match(
    report.reason,
    /^AWS rejected GetRole of snowgate-dev-analytics: AccessDenied: User: x is not authorized/,
  )
})

test('the stack check is skipped while a deployment is in progress', async (context) => {
  const updating = replaced(/^cloudformation DescribeStacks/, 'UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS')
  const relay = await startAlteringRelay(stack.url, updating)
  context.after(() => relay.stop())
  const reports = await runDoctor({ url: relay.url, accessMap })
  assert.deepEqual(failuresOf(reports), [])
  const deployed = reports.get('stack')
  assert.ok(deployed?.outcome === 'skipped' && /in progress \(UPDATE_IN_PROGRESS\)/.test(deployed.reason))
})
