import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { type Credentials, type RunningStack, runningStack, sign } from '../../local/running-stack.ts'

let stack: RunningStack
let callerRoleSession: Credentials

before(async () => {
  stack = await runningStack()
  const { callerRoleArn, endpoints, region, accessKeyId, secretAccessKey, sessionToken } =
    await stack.identity('analytics')
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
  const sts = new STSClient({ endpoint: endpoints.aws, region, credentials })
  const { Credentials: issued } = await sts.send(
    new AssumeRoleCommand({ RoleArn: callerRoleArn, RoleSessionName: 'nightly' }),
  )
  callerRoleSession = {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken,
  }
})
after(() => stack.stop())

const post = async (body: unknown, headers: Record<string, string> = {}) => {
  const sent = { path: '/dev/invoke', body: JSON.stringify(body), headers }
  const { status, body: text } = await stack.send(sign(sent, callerRoleSession, stack))
  return { status, value: JSON.parse(text) }
}

test('the deployed bundle assumes the role of the access map and gets the status of a database that verifies signatures', async () => {
  const { status, value } = await post({ target: 'graph', path: '/status' })
  assert.deepEqual([status, value.status, value.body.status], [200, 200, 'healthy'], JSON.stringify(value))
})

test('another API gets the request with the role of its account, and with the requested path and query', async () => {
  const { status, value } = await post({ target: 'orders', path: '/orders/17%20a', query: { q: 'a+b c' } })
  assert.deepEqual([status, value.status], [200, 200], JSON.stringify(value))
  assert.match(JSON.stringify(value.body), /17(%20| )a/)
  assert.match(JSON.stringify(value.body), /a\+b c/)
})

test('each row gets its response, with one AssumeRole for all of them', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => [index, 'graph', { path: index === 3 ? '/admin' : '/status' }])
  const { status, value } = await post(
    { data: rows },
    { 'sf-external-function-format': 'json', 'sf-external-function-query-batch-id': '01b2:c' },
  )
  assert.equal(status, 200)
  const answers: readonly (readonly [number, { status?: number; error?: { code: string } }])[] = value.data
  assert.deepEqual(
    answers.map(([row, { status, error }]) => [row, status ?? error?.code]),
    rows.map(([row]) => [row, row === 3 ? 'TARGET_REQUEST_REFUSED' : 200]),
  )
  const lines = (pattern: RegExp) => stack.log.filter((line) => pattern.test(line)).length
  const reader =
    /^200 ALLOW neptune-db GET \/status +arn:aws:sts::333333333333:assumed-role\/NeptuneReader\/snowgate-dev-analytics@nightly /
  assert.ok(lines(reader) >= 39, stack.log.join('\n'))
  // One session for graph and one for orders, since the stack started.
  assert.ok(lines(/ sts AssumeRole +\S+\/snowgate-dev-invoke-function\//) <= 2)
})

for (const { what, input, status, code } of [
  { what: 'a target that is not in the access map', input: { target: 'other' }, status: 404, code: 'TARGET_UNKNOWN' },
  {
    what: 'a path that is not in the access map',
    input: { target: 'graph', path: '/gremlin' },
    status: 403,
    code: 'TARGET_REQUEST_REFUSED',
  },
  {
    what: 'an ambiguous path',
    input: { target: 'orders', path: '/orders/..%2fadmin' },
    status: 400,
    code: 'INPUT_INVALID',
  },
  { what: 'a URL', input: { target: 'https://evil.example' }, status: 404, code: 'TARGET_UNKNOWN' },
]) {
  test(`${what} is rejected with ${status} ${code}`, async () => {
    const answer = await post(input)
    assert.deepEqual([answer.status, answer.value.error.code], [status, code])
  })
}
