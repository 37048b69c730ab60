import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runFunction } from './running-functions.ts'

const showing = `
  import { setTimeout as sleep } from 'node:timers/promises'
  export const handler = async (event, context) => {
    const left = context.getRemainingTimeInMillis()
    await sleep(50)
    return {
      variables: process.env,
      context,
      keys: Object.keys(context).sort(),
      left,
      leftLater: context.getRemainingTimeInMillis(),
      directory: process.cwd(),
      arguments: process.execArgv,
      version: process.version,
      parent: [typeof process.send, typeof process.disconnect],
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    }
  }
`

describe('what a function sees', () => {
  it('exactly the variables of Lambda, the template and the endpoint', async (t) => {
    process.env['SNOWGATE_TEST_OF_PARENT'] = 'seen'
    t.after(() => delete process.env['SNOWGATE_TEST_OF_PARENT'])
    const { invoke, fn } = runFunction(
      t,
      { 'index.mjs': showing },
      { environment: { STAGE: 'dev', TZ: 'Asia/Tokyo' }, memorySize: 512, now: () => new Date('2026-11-23T08:00:00Z') },
    )
    const { variables } = JSON.parse((await invoke({})).payload)
    const { AWS_LAMBDA_LOG_STREAM_NAME, ...others } = variables
    assert.match(AWS_LAMBDA_LOG_STREAM_NAME, /^2026\/11\/23\/\[\$LATEST\][0-9a-f]{32}$/)
    assert.deepEqual(others, {
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: 'Root=1-67891233-abcdef012345678912345678',
      AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_FUNCTION_NAME: 'hello',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/hello',
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
      AWS_REGION: 'eu-central-1',
      AWS_SECRET_ACCESS_KEY: 'example-secret',
      AWS_SESSION_TOKEN: 'example-token',
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      LAMBDA_TASK_ROOT: fn.codeDirectory,
      LANG: 'en_US.UTF-8',
      NODE_PATH: `/opt/nodejs/node24/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:${fn.codeDirectory}`,
      PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
      PWD: fn.codeDirectory,
      STAGE: 'dev',
      TZ: 'Asia/Tokyo',
    })
  })

  it('a process like that of Lambda', async (t) => {
    const { invoke, fn } = runFunction(t, { 'index.mjs': showing }, { memorySize: 200 })
    const seen = JSON.parse((await invoke({})).payload)
    assert.equal(seen.directory, fn.codeDirectory)
    assert.match(seen.version, /^v24\./)
    assert.deepEqual(seen.arguments, ['--max-semi-space-size=10', '--max-old-space-size=180'])
    assert.deepEqual(seen.parent, ['undefined', 'undefined'])
    assert.equal(seen.zone, 'UTC')
  })

  it('the heap that the template sets itself', async (t) => {
    const NODE_OPTIONS = '--max-old-space-size=99'
    const { invoke } = runFunction(t, { 'index.mjs': showing }, { environment: { NODE_OPTIONS } })
    assert.deepEqual(JSON.parse((await invoke({})).payload).arguments, [])
  })

  it('the context of Node 24, without callbacks', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': showing }, { memorySize: 512, timeout: 7 })
    const clientContext = '{"client":{"installation_id":"1"},"custom":{"big":1}}'
    const { context, keys, left, leftLater, variables } = JSON.parse((await invoke({}, { clientContext })).payload)
    assert.deepEqual(keys, [
      'awsRequestId',
      'clientContext',
      'functionName',
      'functionVersion',
      'getRemainingTimeInMillis',
      'identity',
      'invokedFunctionArn',
      'logGroupName',
      'logStreamName',
      'memoryLimitInMB',
      'tenantId',
      'xRayTraceId',
    ])
    assert.deepEqual(context, {
      awsRequestId: '0f1e2d3c-0000-4000-8000-000000000001',
      clientContext: JSON.parse(clientContext),
      functionName: 'hello',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:hello',
      logGroupName: '/aws/lambda/hello',
      logStreamName: variables.AWS_LAMBDA_LOG_STREAM_NAME,
      memoryLimitInMB: '512',
      xRayTraceId: 'Root=1-67891233-abcdef012345678912345678',
    })
    assert.ok(Number.isInteger(left) && left <= 7_000 && left > 6_000, `${left}`)
    assert.ok(leftLater <= left - 45 && leftLater > left - 1_000, `${left} → ${leftLater}`)
  })

  it('its ARN with the qualifier where the caller spelled it', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': showing })
    const { context } = JSON.parse((await invoke({}, { qualifier: '$LATEST' })).payload)
    assert.equal(context.invokedFunctionArn, 'arn:aws:lambda:eu-central-1:111111111111:function:hello:$LATEST')
  })

  it('the trace and request id of each invocation', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': showing })
    await invoke({})
    const seen = JSON.parse((await invoke({}, { requestId: 'second', traceId: 'Root=1-2' })).payload)
    assert.deepEqual(
      [seen.context.awsRequestId, seen.context.xRayTraceId, seen.variables._X_AMZN_TRACE_ID],
      ['second', 'Root=1-2', 'Root=1-2'],
    )
  })

  it('an event of six megabytes, to the last character', async (t) => {
    const { runner } = runFunction(t, { 'index.mjs': 'export const handler = (event) => event.length + event.at(-1)' })
    const payload = JSON.stringify(`${'ü'.repeat(3_145_726)}!`)
    const request = { payload, requestId: 'r', traceId: 't' }
    assert.equal((await runner.invoke('hello', request)).payload, '"3145727!"')
  })
})
