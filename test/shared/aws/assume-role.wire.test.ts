import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { createAssumeRole, type RoleToAssume } from '../../../shared/aws/assume-role.ts'
import { errorTable } from '../../../shared/errors/error-table.ts'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { createLambdaHandler } from '../../../shared/http/index.ts'
import { context, proxyEvent } from '../http/lambda-events.ts'
import { assumeRoleResponse, type FakeResponse, never, startFakeAws, stsError } from './fake-aws-server.ts'
import { clientOptionsFor, frozenDependencies, longTimeout, serviceCredentials } from './retry-dependencies.ts'

const reader: RoleToAssume = { roleArn: 'arn:aws:iam::333333333333:role/Reader', sessionName: 'analytics' }
const minute = 60_000

const thousandTimes = <Value>(call: () => Promise<Value>) => Promise.all(Array.from({ length: 1_000 }, call))

/** Waits for the background. */
const waitUntil = async (isSo: () => boolean) => {
  while (!isSo()) await setTimeout(5)
}

test('1,000 concurrent cold requests make one AssumeRole, 1,000 warm ones none', async (t) => {
  const sts = await startFakeAws(t, assumeRoleResponse)
  const assume = createAssumeRole(clientOptionsFor(sts))
  const cold = await thousandTimes(() => assume(reader, longTimeout()))
  assert.equal(sts.received.length, 1)
  const warm = await thousandTimes(() => assume(reader, longTimeout()))
  assert.equal(sts.received.length, 1)
  assert.deepEqual(new Set([...cold, ...warm]).size, 1)
  assert.equal(cold[0]?.secretAccessKey, 'secret-of-session-1')
  assert.equal(cold[0]?.sessionToken, 'token-of-session-1')
})

test('every parameter of AssumeRole selects a session of its own, and is sent to STS', async (t) => {
  const sts = await startFakeAws(t, assumeRoleResponse)
  const assume = createAssumeRole(clientOptionsFor(sts))
  const full: RoleToAssume = {
    roleArn: 'arn:aws:iam::333333333333:role/Reader',
    sessionName: 'analytics',
    externalId: 'graph-7f3c',
    durationSeconds: 900,
    policy: '{"Version":"2012-10-17","Statement":[]}',
    tags: { caller: 'analytics' },
    transitiveTags: ['caller'],
    sourceIdentity: 'alice',
  }
  const others: readonly RoleToAssume[] = [
    { ...full, roleArn: 'arn:aws:iam::333333333333:role/Writer' },
    { ...full, sessionName: 'reporting' },
    { ...full, externalId: 'graph-7f3d' },
    { ...full, durationSeconds: 901 },
    { ...full, policy: '{"Version":"2012-10-17","Statement":[ ]}' },
    { ...full, tags: { caller: 'reporting' } },
    { ...full, transitiveTags: [] },
    { ...full, sourceIdentity: 'bob' },
    reader,
  ]
  for (const role of [full, ...others, ...others, full]) await assume(role, longTimeout())
  assert.equal(sts.received.length, 1 + others.length)
  assert.deepEqual(sts.received[0]?.parameters, {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: 'arn:aws:iam::333333333333:role/Reader',
    RoleSessionName: 'analytics',
    ExternalId: 'graph-7f3c',
    DurationSeconds: '900',
    Policy: '{"Version":"2012-10-17","Statement":[]}',
    'Tags.member.1.Key': 'caller',
    'Tags.member.1.Value': 'analytics',
    'TransitiveTagKeys.member.1': 'caller',
    SourceIdentity: 'alice',
  })
  assert.deepEqual(Object.keys(sts.received.at(-1)?.parameters ?? {}), [
    'Action',
    'Version',
    'RoleArn',
    'RoleSessionName',
  ])
})

test('a chain assumes its role with the session of its first role, which other roles share', async (t) => {
  const sts = await startFakeAws(t, assumeRoleResponse)
  const assume = createAssumeRole(clientOptionsFor(sts))
  const via: RoleToAssume = { roleArn: 'arn:aws:iam::111111111111:role/Hub', sessionName: 'hub' }
  await Promise.all([
    assume({ ...reader, via }, longTimeout()),
    assume({ ...reader, sessionName: 'b', via }, longTimeout()),
  ])
  await assume(reader, longTimeout())
  const usedCredentials = sts.received.map(({ headers, parameters }) => [
    parameters['RoleArn'],
    /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1],
    headers['x-amz-security-token'],
  ])
  assert.deepEqual(usedCredentials, [
    [via.roleArn, 'ASIAOWN', 'token-of-the-service'],
    [reader.roleArn, 'ASIA1', 'token-of-session-1'],
    [reader.roleArn, 'ASIA1', 'token-of-session-1'],
    [reader.roleArn, 'ASIAOWN', 'token-of-the-service'],
  ])
})

test('a session is renewed in the background from five minutes before its expiration, by one request', async (t) => {
  const { dependencies, forward } = frozenDependencies()
  const sts = await startFakeAws(t, (received) => assumeRoleResponse(received, { date: new Date(dependencies.now()) }))
  const assume = createAssumeRole(clientOptionsFor(sts), dependencies)
  const first = await assume(reader, longTimeout())
  forward(54 * minute)
  assert.equal(await assume(reader, longTimeout()), first)
  assert.equal(sts.received.length, 1)
  forward(2 * minute)
  assert.deepEqual(new Set(await thousandTimes(() => assume(reader, longTimeout()))), new Set([first]))
  let renewed = first
  while (renewed === first) {
    await setImmediate()
    renewed = await assume(reader, longTimeout())
  }
  assert.equal(renewed.accessKeyId, 'ASIA2')
  assert.equal(sts.received.length, 2)
})

test('over a day with an STS that fails some of the time, no request fails and none gets an expired session', async (t) => {
  const { dependencies, forward } = frozenDependencies()
  let working = true
  const sts = await startFakeAws(t, (received) =>
    working
      ? assumeRoleResponse(received, { date: new Date(dependencies.now()) })
      : stsError(503, 'ServiceUnavailable', 'Service is unavailable'),
  )
  const assume = createAssumeRole(clientOptionsFor(sts), dependencies)
  for (let elapsed = 0; elapsed < 24 * 60 * minute; elapsed += 20_000) {
    working = elapsed % (10 * minute) < 7 * minute
    const { expiration } = await assume(reader, longTimeout())
    assert.ok(expiration.getTime() - dependencies.now() >= minute)
    for (let turn = 0; turn < 20; turn++) await setImmediate()
    forward(20_000)
  }
  const requests = sts.received.length
  assert.ok(requests < 24 * 20, `${requests} requests`)
})

test('a failed renewal is retried half a minute later, and the session is used until then', async (t) => {
  const { dependencies, forward } = frozenDependencies()
  const sts = await startFakeAws(t, (received) =>
    received.number === 1
      ? assumeRoleResponse(received, { date: new Date(dependencies.now()) })
      : stsError(403, 'AccessDenied', 'no'),
  )
  const assume = createAssumeRole(clientOptionsFor(sts), dependencies)
  const first = await assume(reader, longTimeout())
  forward(56 * minute)
  assert.equal(await assume(reader, longTimeout()), first)
  await waitUntil(() => sts.received.length === 2)
  await setTimeout(50)
  await thousandTimes(() => assume(reader, longTimeout()))
  await setTimeout(50)
  assert.equal(sts.received.length, 2)
  forward(31_000)
  assert.equal(await assume(reader, longTimeout()), first)
  await waitUntil(() => sts.received.length === 3)
  forward(4 * minute)
  await assert.rejects(assume(reader, longTimeout()), { code: 'ROLE_DENIED' })
})

test('a request that waits for a failing background renewal fetches a session of its own', async (t) => {
  const { dependencies, forward } = frozenDependencies()
  const failed = Promise.withResolvers<FakeResponse>()
  const sts = await startFakeAws(t, (received) =>
    received.number === 2 ? failed.promise : assumeRoleResponse(received, { date: new Date(dependencies.now()) }),
  )
  const assume = createAssumeRole(clientOptionsFor(sts), dependencies)
  await assume(reader, longTimeout())
  forward(56 * minute)
  await assume(reader, longTimeout())
  await waitUntil(() => sts.received.length === 2)
  forward(10 * minute)
  const waiting = thousandTimes(() => assume(reader, longTimeout()))
  failed.resolve(stsError(403, 'ExpiredToken', 'The security token included in the request is expired'))
  assert.deepEqual(new Set((await waiting).map(({ accessKeyId }) => accessKeyId)), new Set(['ASIA3']))
  assert.equal(sts.received.length, 3)
})

test('a request to a hanging STS ends at the deadline, and the next one is sent again', async (t) => {
  const sts = await startFakeAws(t, (received) => (received.number === 1 ? never : assumeRoleResponse(received)))
  const assume = createAssumeRole(clientOptionsFor(sts))
  const deadline = new AbortController()
  const rejected = assert.rejects(assume(reader, deadline.signal), { code: 'AWS_UNREACHABLE', status: 503 })
  await waitUntil(() => sts.received.length === 1)
  deadline.abort()
  await rejected
  await sts.received[0]?.hungUp
  assert.equal((await assume(reader, longTimeout())).accessKeyId, 'ASIA2')
})

for (const [how, hangs] of [
  ['before its response', () => never],
  ['in the middle of it', (received: { number: number }) => ({ ...assumeRoleResponse(received), stalls: true })],
] as const) {
  test(`one attempt that hangs ${how} times out early enough for a retry`, async (t) => {
    const sts = await startFakeAws(t, (received) =>
      received.number === 1 ? hangs(received) : assumeRoleResponse(received),
    )
    const assume = createAssumeRole(clientOptionsFor(sts))
    assert.equal((await assume(reader, AbortSignal.timeout(10_000))).accessKeyId, 'ASIA2')
  })
}

test('the deadline of one request does not affect another', async (t) => {
  const gate = Promise.withResolvers<void>()
  const sts = await startFakeAws(t, async (received) => {
    await gate.promise
    return assumeRoleResponse(received)
  })
  const assume = createAssumeRole(clientOptionsFor(sts))
  const deadline = new AbortController()
  const rejected = assert.rejects(assume(reader, deadline.signal), { code: 'AWS_UNREACHABLE' })
  const other = assume(reader, longTimeout())
  await waitUntil(() => sts.received.length === 1)
  deadline.abort()
  await rejected
  gate.resolve()
  assert.equal((await other).accessKeyId, 'ASIA1')
  assert.equal(sts.received.length, 1)
})

test('after the deadline no request is sent', async (t) => {
  const sts = await startFakeAws(t, assumeRoleResponse)
  await assert.rejects(createAssumeRole(clientOptionsFor(sts))(reader, AbortSignal.abort()), {
    code: 'AWS_UNREACHABLE',
  })
  await setTimeout(50)
  assert.equal(sts.received.length, 0)
})

test('throttling and transient errors are retried after growing delays', async (t) => {
  const { dependencies, delays } = frozenDependencies()
  const sts = await startFakeAws(t, (received) => {
    if (received.number === 1) return stsError(400, 'Throttling', 'Rate exceeded')
    if (received.number === 2) return stsError(500, 'InternalFailure', 'once more')
    if (received.number === 3) return { status: 502, body: 'Bad Gateway' }
    return assumeRoleResponse(received)
  })
  const { accessKeyId } = await createAssumeRole(clientOptionsFor(sts), dependencies)(reader, longTimeout())
  assert.equal(accessKeyId, 'ASIA4')
  assert.deepEqual(delays, [100, 400, 1_600])
})

test('a deadline between two attempts gives the error of the last attempt', async (t) => {
  const { dependencies } = frozenDependencies()
  const deadline = new AbortController()
  const sts = await startFakeAws(t, () => stsError(400, 'Throttling', 'Rate exceeded'))
  const sleep = () => {
    deadline.abort()
    return never
  }
  const sleeping = { ...dependencies, sleep }
  const session = createAssumeRole(clientOptionsFor(sts), sleeping)(reader, deadline.signal)
  await assert.rejects(session, { code: 'AWS_THROTTLED', status: 429 })
})

/** The response of STS, the number of attempts, and the resulting error. */
const rejections: readonly (readonly [FakeResponse, number, { code: string; status: number }])[] = [
  [stsError(403, 'AccessDenied', 'User: x is not authorized'), 1, { code: 'ROLE_DENIED', status: 422 }],
  [stsError(400, 'ValidationError', '1 validation error'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [stsError(400, 'MalformedPolicyDocument', 'bad'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [stsError(400, 'PackedPolicyTooLarge', 'bad'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [stsError(403, 'RegionDisabledException', 'off'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [stsError(403, 'InvalidClientTokenId', 'invalid'), 1, { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 }],
  [stsError(403, 'ExpiredToken', 'expired'), 1, { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 }],
  [stsError(403, 'SignatureDoesNotMatch', 'no match'), 1, { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 }],
  [stsError(400, 'Throttling', 'Rate exceeded'), 4, { code: 'AWS_THROTTLED', status: 429 }],
  [stsError(429, 'Throttling', 'Rate exceeded'), 4, { code: 'AWS_THROTTLED', status: 429 }],
  [stsError(503, 'ServiceUnavailable', 'later'), 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  [{ status: 500, body: '<html>a proxy speaks</html>' }, 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  [{ status: 200, body: '<AssumeRoleResponse' }, 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  [{ status: 200, body: '<AssumeRoleResponse/>' }, 1, { code: 'AWS_UNREACHABLE', status: 503 }],
]

test('each error of STS becomes a ServiceError, with as many attempts as can help, and is not cached', async (t) => {
  for (const [failure, times, expected] of rejections) {
    await t.test(`${failure.status} ${failure.body.replace(/^.*<Code>|<\/Code>.*$/gs, '')}`, async (t) => {
      const { dependencies } = frozenDependencies()
      const sts = await startFakeAws(t, (received) =>
        received.number <= times ? failure : assumeRoleResponse(received),
      )
      const assume = createAssumeRole(clientOptionsFor(sts), dependencies)
      await assert.rejects(assume(reader, longTimeout()), expected)
      assert.equal(sts.received.length, times)
      await assume(reader, longTimeout())
      assert.equal(sts.received.length, times + 1)
    })
  }
})

test('an unreachable STS is a transient error', async () => {
  const { dependencies, delays } = frozenDependencies()
  const session = createAssumeRole(clientOptionsFor({ endpoint: 'http://127.0.0.1:1' }), dependencies)(
    reader,
    longTimeout(),
  )
  await assert.rejects(session, { code: 'AWS_UNREACHABLE', status: 503 })
  assert.equal(delays.length, 3)
})

/** Rejects a clock skew of more than 15 minutes, as STS does. */
const strictAt =
  (clock: () => number) => (received: Parameters<typeof assumeRoleResponse>[0] & { headers: object }) => {
    const stamp = String(new Map(Object.entries(received.headers)).get('x-amz-date'))
    const signed = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
    const date = new Date(clock())
    return Math.abs(signed - clock()) > 15 * minute
      ? stsError(403, 'SignatureDoesNotMatch', `Signature expired: ${stamp} is now earlier than …`, date)
      : assumeRoleResponse(received, { date })
  }

for (const [where, skew] of [
  ['behind', 3 * 60 * minute],
  ['ahead', -3 * 60 * minute],
] as const) {
  test(`a clock that is ${where} is detected from the Date header, corrected once and remembered`, async (t) => {
    const { dependencies, forward } = frozenDependencies()
    const serverTime = () => dependencies.now() + skew
    const sts = await startFakeAws(t, strictAt(serverTime))
    const assume = createAssumeRole(clientOptionsFor(sts), dependencies)
    await assume(reader, longTimeout())
    assert.equal(sts.received.length, 2)
    await assume({ ...reader, via: { ...reader, sessionName: 'other' } }, longTimeout())
    assert.equal(sts.received.length, 4)
    // The expiration is relative to the clock that set it: cached for 55 minutes, not for hours more or less.
    forward(54 * minute)
    await assume(reader, longTimeout())
    assert.equal(sts.received.length, 4)
    forward(6 * minute)
    const { expiration } = await assume(reader, longTimeout())
    assert.ok(expiration.getTime() > serverTime() + 50 * minute)
  })
}

test('a signature that is rejected again is not corrected twice', async (t) => {
  let hours = 0
  const sts = await startFakeAws(t, () =>
    stsError(403, 'SignatureDoesNotMatch', 'no', new Date(Date.now() + ++hours * 60 * minute)),
  )
  const { dependencies } = frozenDependencies()
  await assert.rejects(createAssumeRole(clientOptionsFor(sts), dependencies)(reader, longTimeout()), {
    code: 'OWN_CREDENTIALS_UNUSABLE',
  })
  assert.equal(sts.received.length, 2)
})

const credentialMistakes: readonly (readonly [Partial<typeof serviceCredentials>, string])[] = [
  [{ accessKeyId: '"ASIAOWN"' }, 'The access key id has quotes around it.'],
  [{ secretAccessKey: "'planted" }, 'The secret access key has quotes around it.'],
  [{ sessionToken: 'planted\n' }, 'The session token has a space or a line break in it.'],
  [{ sessionToken: 'plan\\nted' }, 'The session token has a space or a line break in it.'],
  [{ secretAccessKey: 'null' }, 'The secret access key is empty or a placeholder.'],
  [{ accessKeyId: '' }, 'The access key id is empty or a placeholder.'],
  [{ secretAccessKey: 'plant–ed' }, 'The secret access key has a character that no AWS credential has.'],
]

for (const [wrong, detail] of credentialMistakes) {
  test(`own credentials are checked before they are used: ${detail}`, async (t) => {
    const sts = await startFakeAws(t, assumeRoleResponse)
    const assume = createAssumeRole(clientOptionsFor(sts, { ...serviceCredentials, ...wrong }))
    await assert.rejects(assume(reader, longTimeout()), (error) => {
      assert.ok(error instanceof ServiceError)
      assert.deepEqual([error.code, error.status, error.detail], ['OWN_CREDENTIALS_UNUSABLE', 422, detail])
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /plant/)
      return true
    })
    assert.equal(sts.received.length, 0)
  })
}

test('no error or its cause contains a secret, and a session does not show its secrets', async (t) => {
  const planted = { accessKeyId: 'ASIAOWN', secretAccessKey: 'PLANTED-secret', sessionToken: 'PLANTED-token' }
  const { dependencies } = frozenDependencies()
  const mismatch = `The request signature we calculated does not match.

The Canonical String for this request should have been
'POST
x-amz-security-token:${planted.sessionToken}
host:PLANTED'`
  const responses: readonly FakeResponse[] = [
    stsError(403, 'SignatureDoesNotMatch', mismatch),
    stsError(403, 'AccessDenied', `${planted.sessionToken} and ${planted.secretAccessKey} may not`),
    stsError(500, 'InternalFailure', planted.sessionToken),
    { status: 200, body: '<AssumeRoleResponse><SecretAccessKey>PLANTED-secret' },
    { status: 200, body: '<a><SecretAccessKey>PLANTED</SecretAccessKey></a>' },
  ]
  for (const response of responses) {
    const sts = await startFakeAws(t, () => response)
    await assert.rejects(
      createAssumeRole(clientOptionsFor(sts, planted), dependencies)(reader, longTimeout()),
      (error) => {
        assert.ok(error instanceof ServiceError && error.cause instanceof Error)
        assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /PLANTED/)
        assert.doesNotMatch(`${error.stack} ${error.cause.stack} ${JSON.stringify(error)}`, /PLANTED/)
        return true
      },
    )
  }
  const sts = await startFakeAws(t, assumeRoleResponse)
  const credentials = await createAssumeRole(clientOptionsFor(sts), dependencies)(reader, longTimeout())
  const shown = [inspect(credentials), inspect({ credentials }, { showHidden: true }), JSON.stringify({ credentials })]
  assert.doesNotMatch(shown.join('\n'), /secret-of|token-of/)
})

test('a function whose AssumeRole fails returns the row of the error table and logs AWS’s message, both without secrets', async (t) => {
  const planted = { ...serviceCredentials, secretAccessKey: 'PLANTED-secret', sessionToken: 'PLANTED-token' }
  const sts = await startFakeAws(t, () => stsError(403, 'AccessDenied', 'User: x may not, token PLANTED-token'))
  const assume = createAssumeRole(clientOptionsFor(sts, planted))
  const log = t.mock.method(console, 'log', () => {})
  const rowMapping = { parameters: [], toInput: () => undefined }
  const answer = await createLambdaHandler(() => assume(reader, longTimeout()), rowMapping)(proxyEvent(), context())
  const lines = log.mock.calls.map(({ arguments: [line] }) => String(line)).join('\n')
  assert.equal(answer.statusCode, 422)
  const { code, message } = JSON.parse(answer.body).error
  assert.deepEqual([code, message], ['ROLE_DENIED', errorTable.ROLE_DENIED.message])
  assert.match(
    lines,
    /sts:AssumeRole of arn:aws:iam::333333333333:role\/Reader: 403 AccessDenied: User: x may not, token …/,
  )
  assert.doesNotMatch(`${answer.body} ${lines}`, /PLANTED/)
})
