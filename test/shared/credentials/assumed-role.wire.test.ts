import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { assumedRole, type Role } from '../../../shared/credentials/index.ts'
import { errorTable, ServiceError } from '../../../shared/errors/index.ts'
import { httpFunction } from '../../../shared/http/index.ts'
import { context, proxyEvent } from '../http/events.ts'
import { loopbackAws, never, type Sent, session, stsRefusal } from './loopback-aws.ts'
import { ownKeys, patient, settingsAt, stillSurroundings } from './surroundings.ts'

const reader: Role = { roleArn: 'arn:aws:iam::333333333333:role/Reader', sessionName: 'analytics' }
const minute = 60_000

const thousand = <Value>(ask: () => Promise<Value>) => Promise.all(Array.from({ length: 1_000 }, ask))

/** Until something that goes on in the background has come about. */
const until = async (isSo: () => boolean) => {
  while (!isSo()) await setTimeout(5)
}

test('1,000 requests at once from cold make one AssumeRole, 1,000 warm ones none', async (t) => {
  const sts = await loopbackAws(t, session)
  const assume = assumedRole(settingsAt(sts))
  const cold = await thousand(() => assume(reader, patient()))
  assert.equal(sts.received.length, 1)
  const warm = await thousand(() => assume(reader, patient()))
  assert.equal(sts.received.length, 1)
  assert.deepEqual(new Set([...cold, ...warm]).size, 1)
  assert.equal(cold[0]?.secretAccessKey, 'secret-of-session-1')
  assert.equal(cold[0]?.sessionToken, 'token-of-session-1')
})

test('what a session depends on distinguishes it from every other, and is what STS is asked', async (t) => {
  const sts = await loopbackAws(t, session)
  const assume = assumedRole(settingsAt(sts))
  const full: Role = {
    roleArn: 'arn:aws:iam::333333333333:role/Reader',
    sessionName: 'analytics',
    externalId: 'graph-7f3c',
    durationSeconds: 900,
    policy: '{"Version":"2012-10-17","Statement":[]}',
    tags: { caller: 'analytics' },
    transitiveTags: ['caller'],
    sourceIdentity: 'alice',
  }
  const others: readonly Role[] = [
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
  for (const role of [full, ...others, ...others, full]) await assume(role, patient())
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

test('a chain asks with the session of its first role, which roles share that go the same way', async (t) => {
  const sts = await loopbackAws(t, session)
  const assume = assumedRole(settingsAt(sts))
  const via: Role = { roleArn: 'arn:aws:iam::111111111111:role/Hub', sessionName: 'hub' }
  await Promise.all([assume({ ...reader, via }, patient()), assume({ ...reader, sessionName: 'b', via }, patient())])
  await assume(reader, patient())
  const askedWith = sts.received.map(({ headers, parameters }) => [
    parameters['RoleArn'],
    /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1],
    headers['x-amz-security-token'],
  ])
  assert.deepEqual(askedWith, [
    [via.roleArn, 'ASIAOWN', 'token-of-the-service'],
    [reader.roleArn, 'ASIA1', 'token-of-session-1'],
    [reader.roleArn, 'ASIA1', 'token-of-session-1'],
    [reader.roleArn, 'ASIAOWN', 'token-of-the-service'],
  ])
})

test('a session is renewed in the background from five minutes before its end, by one request', async (t) => {
  const { surroundings, forward } = stillSurroundings()
  const sts = await loopbackAws(t, (received) => session(received, { date: new Date(surroundings.now()) }))
  const assume = assumedRole(settingsAt(sts), surroundings)
  const first = await assume(reader, patient())
  forward(54 * minute)
  assert.equal(await assume(reader, patient()), first)
  assert.equal(sts.received.length, 1)
  forward(2 * minute)
  assert.deepEqual(new Set(await thousand(() => assume(reader, patient()))), new Set([first]))
  let renewed = first
  while (renewed === first) {
    await setImmediate()
    renewed = await assume(reader, patient())
  }
  assert.equal(renewed.accessKeyId, 'ASIA2')
  assert.equal(sts.received.length, 2)
})

test('over a day of requests none fails and none gets a session that is over, while STS works most of the time', async (t) => {
  const { surroundings, forward } = stillSurroundings()
  let working = true
  const sts = await loopbackAws(t, (received) =>
    working
      ? session(received, { date: new Date(surroundings.now()) })
      : stsRefusal(503, 'ServiceUnavailable', 'Service is unavailable'),
  )
  const assume = assumedRole(settingsAt(sts), surroundings)
  for (let elapsed = 0; elapsed < 24 * 60 * minute; elapsed += 20_000) {
    working = elapsed % (10 * minute) < 7 * minute
    const { expiration } = await assume(reader, patient())
    assert.ok(expiration.getTime() - surroundings.now() >= minute)
    for (let turn = 0; turn < 20; turn++) await setImmediate()
    forward(20_000)
  }
  const answered = sts.received.length
  assert.ok(answered < 24 * 20, `${answered} requests`)
})

test('a renewal that fails is tried again half a minute later, and the session serves on meanwhile', async (t) => {
  const { surroundings, forward } = stillSurroundings()
  const sts = await loopbackAws(t, (received) =>
    received.number === 1
      ? session(received, { date: new Date(surroundings.now()) })
      : stsRefusal(403, 'AccessDenied', 'no'),
  )
  const assume = assumedRole(settingsAt(sts), surroundings)
  const first = await assume(reader, patient())
  forward(56 * minute)
  assert.equal(await assume(reader, patient()), first)
  await until(() => sts.received.length === 2)
  await setTimeout(50)
  await thousand(() => assume(reader, patient()))
  await setTimeout(50)
  assert.equal(sts.received.length, 2)
  forward(31_000)
  assert.equal(await assume(reader, patient()), first)
  await until(() => sts.received.length === 3)
  forward(4 * minute)
  await assert.rejects(assume(reader, patient()), { code: 'ROLE_DENIED' })
})

test('who waits for a renewal that began ahead and fails gets an answer of its own', async (t) => {
  const { surroundings, forward } = stillSurroundings()
  const failed = Promise.withResolvers<Sent>()
  const sts = await loopbackAws(t, (received) =>
    received.number === 2 ? failed.promise : session(received, { date: new Date(surroundings.now()) }),
  )
  const assume = assumedRole(settingsAt(sts), surroundings)
  await assume(reader, patient())
  forward(56 * minute)
  await assume(reader, patient())
  await until(() => sts.received.length === 2)
  forward(10 * minute)
  const waiting = thousand(() => assume(reader, patient()))
  failed.resolve(stsRefusal(403, 'ExpiredToken', 'The security token included in the request is expired'))
  assert.deepEqual(new Set((await waiting).map(({ accessKeyId }) => accessKeyId)), new Set(['ASIA3']))
  assert.equal(sts.received.length, 3)
})

test('an STS that hangs is left at the deadline, and asked anew by the next', async (t) => {
  const sts = await loopbackAws(t, (received) => (received.number === 1 ? never : session(received)))
  const assume = assumedRole(settingsAt(sts))
  const deadline = new AbortController()
  const refused = assert.rejects(assume(reader, deadline.signal), { code: 'AWS_UNREACHABLE', status: 503 })
  await until(() => sts.received.length === 1)
  deadline.abort()
  await refused
  await sts.received[0]?.hungUp
  assert.equal((await assume(reader, patient())).accessKeyId, 'ASIA2')
})

for (const [how, hangs] of [
  ['before its answer', () => never],
  ['in the middle of it', (received: { number: number }) => ({ ...session(received), stalls: true })],
] as const) {
  test(`one attempt that hangs ${how} is given up in time for a second`, async (t) => {
    const sts = await loopbackAws(t, (received) => (received.number === 1 ? hangs(received) : session(received)))
    const assume = assumedRole(settingsAt(sts))
    assert.equal((await assume(reader, AbortSignal.timeout(10_000))).accessKeyId, 'ASIA2')
  })
}

test('the deadline of one request ends nobody else’s', async (t) => {
  const held = Promise.withResolvers<void>()
  const sts = await loopbackAws(t, async (received) => {
    await held.promise
    return session(received)
  })
  const assume = assumedRole(settingsAt(sts))
  const deadline = new AbortController()
  const refused = assert.rejects(assume(reader, deadline.signal), { code: 'AWS_UNREACHABLE' })
  const other = assume(reader, patient())
  await until(() => sts.received.length === 1)
  deadline.abort()
  await refused
  held.resolve()
  assert.equal((await other).accessKeyId, 'ASIA1')
  assert.equal(sts.received.length, 1)
})

test('a deadline that is over asks nobody', async (t) => {
  const sts = await loopbackAws(t, session)
  await assert.rejects(assumedRole(settingsAt(sts))(reader, AbortSignal.abort()), { code: 'AWS_UNREACHABLE' })
  await setTimeout(50)
  assert.equal(sts.received.length, 0)
})

test('throttling and what passes by itself is tried again after growing pauses', async (t) => {
  const { surroundings, pauses } = stillSurroundings()
  const sts = await loopbackAws(t, (received) => {
    if (received.number === 1) return stsRefusal(400, 'Throttling', 'Rate exceeded')
    if (received.number === 2) return stsRefusal(500, 'InternalFailure', 'once more')
    if (received.number === 3) return { status: 502, body: 'Bad Gateway' }
    return session(received)
  })
  const { accessKeyId } = await assumedRole(settingsAt(sts), surroundings)(reader, patient())
  assert.equal(accessKeyId, 'ASIA4')
  assert.deepEqual(pauses, [100, 400, 1_600])
})

test('whose deadline ends between two attempts is told what the last one met', async (t) => {
  const { surroundings } = stillSurroundings()
  const deadline = new AbortController()
  const sts = await loopbackAws(t, () => stsRefusal(400, 'Throttling', 'Rate exceeded'))
  const pause = () => {
    deadline.abort()
    return never
  }
  const paused = { ...surroundings, pause }
  const asked = assumedRole(settingsAt(sts), paused)(reader, deadline.signal)
  await assert.rejects(asked, { code: 'AWS_THROTTLED', status: 429 })
})

/** What STS answers, how often it is asked, and what becomes of it. */
const refusals: readonly (readonly [Sent, number, { code: string; status: number }])[] = [
  [stsRefusal(403, 'AccessDenied', 'User: x is not authorized'), 1, { code: 'ROLE_DENIED', status: 422 }],
  [stsRefusal(400, 'ValidationError', '1 validation error'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [stsRefusal(400, 'MalformedPolicyDocument', 'bad'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [stsRefusal(400, 'PackedPolicyTooLarge', 'bad'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [stsRefusal(403, 'RegionDisabledException', 'off'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [stsRefusal(403, 'InvalidClientTokenId', 'invalid'), 1, { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 }],
  [stsRefusal(403, 'ExpiredToken', 'expired'), 1, { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 }],
  [stsRefusal(403, 'SignatureDoesNotMatch', 'no match'), 1, { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 }],
  [stsRefusal(400, 'Throttling', 'Rate exceeded'), 4, { code: 'AWS_THROTTLED', status: 429 }],
  [stsRefusal(429, 'Throttling', 'Rate exceeded'), 4, { code: 'AWS_THROTTLED', status: 429 }],
  [stsRefusal(503, 'ServiceUnavailable', 'later'), 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  [{ status: 500, body: '<html>a proxy speaks</html>' }, 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  [{ status: 200, body: '<AssumeRoleResponse' }, 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  [{ status: 200, body: '<AssumeRoleResponse/>' }, 1, { code: 'AWS_UNREACHABLE', status: 503 }],
]

test('each refusal of STS becomes one of ours, asked as often as asking can help, and is not kept', async (t) => {
  for (const [refusal, times, expected] of refusals) {
    await t.test(`${refusal.status} ${refusal.body.replace(/^.*<Code>|<\/Code>.*$/gs, '')}`, async (t) => {
      const { surroundings } = stillSurroundings()
      const sts = await loopbackAws(t, (received) => (received.number <= times ? refusal : session(received)))
      const assume = assumedRole(settingsAt(sts), surroundings)
      await assert.rejects(assume(reader, patient()), expected)
      assert.equal(sts.received.length, times)
      await assume(reader, patient())
      assert.equal(sts.received.length, times + 1)
    })
  }
})

test('an STS that nobody answers for is a passing fault', async () => {
  const { surroundings, pauses } = stillSurroundings()
  const asked = assumedRole(settingsAt({ endpoint: 'http://127.0.0.1:1' }), surroundings)(reader, patient())
  await assert.rejects(asked, { code: 'AWS_UNREACHABLE', status: 503 })
  assert.equal(pauses.length, 3)
})

/** Refuses what is dated more than 15 minutes off, as STS does. */
const strictAt = (clock: () => number) => (received: Parameters<typeof session>[0] & { headers: object }) => {
  const stamp = String(new Map(Object.entries(received.headers)).get('x-amz-date'))
  const signed = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const date = new Date(clock())
  return Math.abs(signed - clock()) > 15 * minute
    ? stsRefusal(403, 'SignatureDoesNotMatch', `Signature expired: ${stamp} is now earlier than …`, date)
    : session(received, { date })
}

for (const [where, skew] of [
  ['behind', 3 * 60 * minute],
  ['ahead', -3 * 60 * minute],
] as const) {
  test(`a clock that is ${where} is noticed from the Date header, corrected once and remembered`, async (t) => {
    const { surroundings, forward } = stillSurroundings()
    const serverTime = () => surroundings.now() + skew
    const sts = await loopbackAws(t, strictAt(serverTime))
    const assume = assumedRole(settingsAt(sts), surroundings)
    await assume(reader, patient())
    assert.equal(sts.received.length, 2)
    await assume({ ...reader, via: { ...reader, sessionName: 'other' } }, patient())
    assert.equal(sts.received.length, 4)
    // The end of the session is measured on the clock that set it: kept for 55 minutes, and not for hours more or less.
    forward(54 * minute)
    await assume(reader, patient())
    assert.equal(sts.received.length, 4)
    forward(6 * minute)
    const { expiration } = await assume(reader, patient())
    assert.ok(expiration.getTime() > serverTime() + 50 * minute)
  })
}

test('a signature that stays refused is not corrected twice', async (t) => {
  let hours = 0
  const sts = await loopbackAws(t, () =>
    stsRefusal(403, 'SignatureDoesNotMatch', 'no', new Date(Date.now() + ++hours * 60 * minute)),
  )
  const { surroundings } = stillSurroundings()
  await assert.rejects(assumedRole(settingsAt(sts), surroundings)(reader, patient()), {
    code: 'OWN_CREDENTIALS_UNUSABLE',
  })
  assert.equal(sts.received.length, 2)
})

const pastedWrongly: readonly (readonly [Partial<typeof ownKeys>, string])[] = [
  [{ accessKeyId: '"ASIAOWN"' }, 'The access key id has quotes around it.'],
  [{ secretAccessKey: "'planted" }, 'The secret access key has quotes around it.'],
  [{ sessionToken: 'planted\n' }, 'The session token has a space or a line break in it.'],
  [{ sessionToken: 'plan\\nted' }, 'The session token has a space or a line break in it.'],
  [{ secretAccessKey: 'null' }, 'The secret access key is empty or a placeholder.'],
  [{ accessKeyId: '' }, 'The access key id is empty or a placeholder.'],
  [{ secretAccessKey: 'plant–ed' }, 'The secret access key has a character that no AWS credential has.'],
]

for (const [wrong, detail] of pastedWrongly) {
  test(`own credentials are looked at before they are used: ${detail}`, async (t) => {
    const sts = await loopbackAws(t, session)
    const assume = assumedRole(settingsAt(sts, { ...ownKeys, ...wrong }))
    await assert.rejects(assume(reader, patient()), (error) => {
      assert.ok(error instanceof ServiceError)
      assert.deepEqual([error.code, error.status, error.detail], ['OWN_CREDENTIALS_UNUSABLE', 422, detail])
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /plant/)
      return true
    })
    assert.equal(sts.received.length, 0)
  })
}

test('no secret is in any refusal, its cause included, and none is shown of a session', async (t) => {
  const planted = { accessKeyId: 'ASIAOWN', secretAccessKey: 'PLANTED-secret', sessionToken: 'PLANTED-token' }
  const { surroundings } = stillSurroundings()
  const mismatch = `The request signature we calculated does not match.

The Canonical String for this request should have been
'POST
x-amz-security-token:${planted.sessionToken}
host:PLANTED'`
  const answers: readonly Sent[] = [
    stsRefusal(403, 'SignatureDoesNotMatch', mismatch),
    stsRefusal(403, 'AccessDenied', `${planted.sessionToken} and ${planted.secretAccessKey} may not`),
    stsRefusal(500, 'InternalFailure', planted.sessionToken),
    { status: 200, body: '<AssumeRoleResponse><SecretAccessKey>PLANTED-secret' },
    { status: 200, body: '<a><SecretAccessKey>PLANTED</SecretAccessKey></a>' },
  ]
  for (const answer of answers) {
    const sts = await loopbackAws(t, () => answer)
    await assert.rejects(assumedRole(settingsAt(sts, planted), surroundings)(reader, patient()), (error) => {
      assert.ok(error instanceof ServiceError && error.cause instanceof Error)
      assert.doesNotMatch(inspect(error, { depth: null, showHidden: true }), /PLANTED/)
      assert.doesNotMatch(`${error.stack} ${error.cause.stack} ${JSON.stringify(error)}`, /PLANTED/)
      return true
    })
  }
  const sts = await loopbackAws(t, session)
  const credentials = await assumedRole(settingsAt(sts), surroundings)(reader, patient())
  const shown = [inspect(credentials), inspect({ credentials }, { showHidden: true }), JSON.stringify({ credentials })]
  assert.doesNotMatch(shown.join('\n'), /secret-of|token-of/)
})

test('a function whose login fails tells its caller the row of the table, its log AWS’s words, and neither a secret', async (t) => {
  const planted = { ...ownKeys, secretAccessKey: 'PLANTED-secret', sessionToken: 'PLANTED-token' }
  const sts = await loopbackAws(t, () => stsRefusal(403, 'AccessDenied', 'User: x may not, says PLANTED-token'))
  const assume = assumedRole(settingsAt(sts, planted))
  const log = t.mock.method(console, 'log', () => {})
  const rowForm = { takes: [], input: () => undefined }
  const answer = await httpFunction(() => assume(reader, patient()), rowForm)(proxyEvent(), context())
  const lines = log.mock.calls.map(({ arguments: [line] }) => String(line)).join('\n')
  assert.equal(answer.statusCode, 422)
  const { code, message } = JSON.parse(answer.body).error
  assert.deepEqual([code, message], ['ROLE_DENIED', errorTable.ROLE_DENIED.message])
  assert.match(
    lines,
    /sts:AssumeRole of arn:aws:iam::333333333333:role\/Reader: 403 AccessDenied: User: x may not, says …/,
  )
  assert.doesNotMatch(`${answer.body} ${lines}`, /PLANTED/)
})
