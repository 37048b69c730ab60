import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { keyPair } from '../../../shared/credentials/index.ts'
import { ServiceError } from '../../../shared/errors/index.ts'
import { loopbackAws, never, parameter, type Received, type Sent, ssmRefusal } from './loopback-aws.ts'
import { ownKeys, patient, settingsAt, stillSurroundings } from './surroundings.ts'

const passphrase = 'PLANTED passphrase'
const newKey = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString()
  return { privateKey, pem }
}
const first = newKey()
const second = newKey()

const parameters = { privateKey: '/snowgate/dev/key', passphrase: '/snowgate/dev/passphrase' }

/** A parameter store with these values. */
const storeOf = (values: () => Readonly<Record<string, string>>) => (received: Received) => {
  const value = values()[received.parameters['Name'] ?? '']
  return value === undefined ? ssmRefusal('ParameterNotFound') : parameter(received, value)
}
const bothOf = ({ pem }: { readonly pem: string }) => ({
  [parameters.privateKey]: pem,
  [parameters.passphrase]: passphrase,
})

const minute = 60_000

test('1,000 requests at once from cold read each parameter once and decrypted, 1,000 warm ones none', async (t) => {
  const ssm = await loopbackAws(
    t,
    storeOf(() => bothOf(first)),
  )
  const { privateKey } = keyPair({ parameters, aws: settingsAt(ssm) })
  for (let turn = 0; turn < 2; turn++) {
    const keys = await Promise.all(Array.from({ length: 1_000 }, () => privateKey(patient())))
    assert.equal(new Set(keys).size, 1)
    assert.ok(keys[0]?.equals(first.privateKey))
  }
  const asked = ssm.received.map(({ headers, parameters }) => ({ target: headers['x-amz-target'], ...parameters }))
  assert.deepEqual(
    new Set(asked),
    new Set(
      Object.values(parameters).map((Name) => ({ target: 'AmazonSSM.GetParameter', Name, WithDecryption: true })),
    ),
  )
  assert.equal(asked.length, 2)
})

test('a key without a passphrase is one parameter', async (t) => {
  const pem = first.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const ssm = await loopbackAws(
    t,
    storeOf(() => ({ plain: pem })),
  )
  const { privateKey } = keyPair({ parameters: { privateKey: 'plain' }, aws: settingsAt(ssm) })
  assert.ok((await privateKey(patient())).equals(first.privateKey))
  assert.equal(ssm.received.length, 1)
})

test('the variables that ECS injects do as well', async () => {
  const variables = { SECRET_KEY: first.pem, PRIVATE_KEY_PASSPHRASE: passphrase }
  assert.ok((await keyPair({ variables }).privateKey(patient())).equals(first.privateKey))
})

const variableFaults: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{}, 'SECRET_NOT_FOUND'],
  [{ SECRET_KEY: '' }, 'PRIVATE_KEY_UNUSABLE'],
  [{ SECRET_KEY: first.pem.replaceAll('\n', '\\n') }, 'PRIVATE_KEY_UNUSABLE'],
  [{ SECRET_KEY: first.pem }, 'PASSPHRASE_MISSING'],
  [{ SECRET_KEY: first.pem, PRIVATE_KEY_PASSPHRASE: 'PLANTED wrong' }, 'PASSPHRASE_WRONG'],
]

for (const [variables, code] of variableFaults) {
  test(`variables that are no login are ${code}: ${Object.keys(variables)}`, async () => {
    await assert.rejects(keyPair({ variables }).privateKey(patient()), { code, status: 422 })
  })
}

test('a key is read again in the background after a quarter of an hour', async (t) => {
  const { surroundings, forward } = stillSurroundings()
  let stored = first
  const ssm = await loopbackAws(
    t,
    storeOf(() => bothOf(stored)),
  )
  const { privateKey } = keyPair({ parameters, aws: settingsAt(ssm) }, surroundings)
  const key = await privateKey(patient())
  stored = second
  forward(14 * minute)
  assert.equal(await privateKey(patient()), key)
  assert.equal(ssm.received.length, 2)
  forward(2 * minute)
  assert.equal(await privateKey(patient()), key)
  while ((await privateKey(patient())).equals(first.privateKey)) await setTimeout(5)
  assert.equal(ssm.received.length, 4)
})

test('a key serves on for as long as it cannot be read again', async (t) => {
  const { surroundings, forward } = stillSurroundings()
  const ssm = await loopbackAws(t, (received) =>
    received.number <= 2 ? storeOf(() => bothOf(first))(received) : ssmRefusal('AccessDeniedException', 'no more'),
  )
  const { privateKey } = keyPair({ parameters, aws: settingsAt(ssm) }, surroundings)
  for (let turn = 0; turn < 5; turn++) {
    assert.ok((await privateKey(patient())).equals(first.privateKey))
    forward(60 * minute)
    await setTimeout(20)
  }
})

test('a key that Snowflake refuses is read again at once, and replaced when it was rotated', async (t) => {
  const { surroundings, forward } = stillSurroundings()
  let stored = first
  const ssm = await loopbackAws(
    t,
    storeOf(() => bothOf(stored)),
  )
  const login = keyPair({ parameters, aws: settingsAt(ssm) }, surroundings)
  const refused = await login.privateKey(patient())
  forward(minute)
  stored = second
  const ask = () => login.replacementOf(refused, patient())
  const replacements = await Promise.all(Array.from({ length: 1_000 }, ask))
  assert.equal(new Set(replacements).size, 1)
  assert.ok(replacements[0]?.equals(second.privateKey))
  assert.equal(ssm.received.length, 4)
  assert.ok((await ask())?.equals(second.privateKey))
  assert.equal(ssm.received.length, 4)
})

test('refusals of a key that was not rotated read it once in ten seconds, and tell that nothing replaces it', async (t) => {
  const { surroundings, forward } = stillSurroundings()
  const ssm = await loopbackAws(
    t,
    storeOf(() => bothOf(first)),
  )
  const login = keyPair({ parameters, aws: settingsAt(ssm) }, surroundings)
  for (const readings of [1, 1, 2, 2]) {
    const refused = await login.privateKey(patient())
    for (let turn = 0; turn < 5; turn++) assert.equal(await login.replacementOf(refused, patient()), undefined)
    assert.equal(ssm.received.length, 2 * readings)
    forward(6_000)
  }
})

const user = 'arn:aws:sts::111111111111:assumed-role/probe/probe'
const kms =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not ' +
  'allowed to access. (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: 1)'

/** What SSM answers, how often the parameter is asked for, and what becomes of it. */
const refusals: readonly (readonly [string, Sent, number, { code: string; status: number }])[] = [
  ['not there', ssmRefusal('ParameterNotFound'), 1, { code: 'SECRET_NOT_FOUND', status: 422 }],
  [
    'no such version',
    ssmRefusal('ParameterVersionNotFound', 'Systems Manager could not find version 7 of /a.'),
    1,
    { code: 'SECRET_NOT_FOUND', status: 422 },
  ],
  [
    'not allowed',
    ssmRefusal('AccessDeniedException', `User: ${user} is not authorized to perform: ssm:GetParameter on resource: x`),
    1,
    { code: 'SECRET_DENIED', status: 422 },
  ],
  ['not decryptable', ssmRefusal('AccessDeniedException', kms), 1, { code: 'SECRET_NOT_DECRYPTABLE', status: 422 }],
  [
    'not allowed to decrypt',
    ssmRefusal('AccessDeniedException', `User: ${user} is not authorized to perform: kms:Decrypt on resource: x`),
    1,
    { code: 'SECRET_NOT_DECRYPTABLE', status: 422 },
  ],
  [
    'not allowed, by the name of KMS',
    ssmRefusal(
      'AccessDeniedException',
      `User: ${user} is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-central-1:111111111111:parameter/kms/ciphertext`,
    ),
    1,
    { code: 'SECRET_DENIED', status: 422 },
  ],
  ['key disabled', ssmRefusal('InvalidKeyId', 'disabled'), 1, { code: 'SECRET_NOT_DECRYPTABLE', status: 422 }],
  ['bad name', ssmRefusal('ValidationException', '1 validation'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [
    'own login',
    ssmRefusal('UnrecognizedClientException', 'invalid'),
    1,
    { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 },
  ],
  ['own login over', ssmRefusal('ExpiredTokenException', 'x'), 1, { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 }],
  ['throttled', ssmRefusal('ThrottlingException', 'Rate exceeded'), 4, { code: 'AWS_THROTTLED', status: 429 }],
  ['broken', { status: 500, body: '{}' }, 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  ['unreadable', { status: 200, body: '{"Parameter":{"Value":"PLANTED' }, 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  ['without value', { status: 200, body: '{"Parameter":{}}' }, 1, { code: 'AWS_UNREACHABLE', status: 503 }],
  ['cut key', parameter({ parameters: {} }, '-----BEGIN'), 1, { code: 'PRIVATE_KEY_UNUSABLE', status: 422 }],
]

test('each refusal of SSM becomes one of ours, shows no secret and is not kept', async (t) => {
  for (const [what, refusal, times, expected] of refusals) {
    await t.test(what, async (t) => {
      const { surroundings } = stillSurroundings()
      const pem = first.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      const ssm = await loopbackAws(t, (one) => (one.number <= times ? refusal : parameter(one, pem)))
      const source = { parameters: { privateKey: '/a' }, aws: settingsAt(ssm) }
      const { privateKey } = keyPair(source, surroundings)
      await assert.rejects(privateKey(patient()), (error) => {
        assert.ok(error instanceof ServiceError, inspect(error))
        assert.deepEqual({ code: error.code, status: error.status }, expected)
        const shown = inspect(error, { depth: null, showHidden: true })
        for (const secret of [ownKeys.secretAccessKey, ownKeys.sessionToken, 'PLANTED']) {
          assert.ok(!shown.includes(secret), shown)
        }
        return true
      })
      assert.equal(ssm.received.length, times)
      await privateKey(patient())
      assert.equal(ssm.received.length, times + 1)
    })
  }
})

test('which parameter was refused, and in which words, is in the cause alone', async (t) => {
  const ssm = await loopbackAws(
    t,
    storeOf(() => ({ [parameters.privateKey]: first.pem })),
  )
  const { privateKey } = keyPair({ parameters, aws: settingsAt(ssm) })
  await assert.rejects(privateKey(patient()), (error) => {
    assert.ok(error instanceof ServiceError && error.cause instanceof Error)
    assert.equal(error.code, 'SECRET_NOT_FOUND')
    assert.doesNotMatch(error.message, /snowgate\/dev/)
    assert.match(error.cause.message, /^ssm:GetParameter of \/snowgate\/dev\/passphrase: 400 ParameterNotFound/)
    return true
  })
})

test('an SSM that hangs is left at the deadline', async (t) => {
  const ssm = await loopbackAws(t, () => never)
  const deadline = new AbortController()
  const { privateKey } = keyPair({ parameters, aws: settingsAt(ssm) })
  const refused = assert.rejects(privateKey(deadline.signal), { code: 'AWS_UNREACHABLE', status: 503 })
  while (ssm.received.length < 2) await setTimeout(5)
  deadline.abort()
  await refused
  await Promise.all(ssm.received.map(({ hungUp }) => hungUp))
})

test('a clock that is an hour off is corrected for SSM as well', async (t) => {
  const hour = 60 * minute
  const ssm = await loopbackAws(t, (received) => {
    const date = new Date(Date.now() + hour)
    const signed = received.headers['x-amz-date']?.toString().slice(0, 13)
    const current = [0, 1].map((seconds) => new Date(date.getTime() - seconds * 1_000))
    return current.some((time) =>
      time
        .toISOString()
        .replace(/[:-]/g, '')
        .startsWith(signed ?? '?'),
    )
      ? { ...parameter(received, first.pem), date }
      : { ...ssmRefusal('InvalidSignatureException', 'Signature expired'), date }
  })
  const { privateKey } = keyPair({ parameters: { privateKey: '/a' }, aws: settingsAt(ssm) })
  await assert.rejects(privateKey(patient()), { code: 'PASSPHRASE_MISSING' })
  assert.equal(ssm.received.length, 2)
})

test('a private key that was read shows nothing of itself', async () => {
  const variables = { SECRET_KEY: first.pem, PRIVATE_KEY_PASSPHRASE: passphrase }
  const login = keyPair({ variables })
  const key = await login.privateKey(patient())
  const shown = [inspect(key), inspect({ login, key }, { showHidden: true, depth: null }), JSON.stringify({ key })]
  for (const line of first.pem.split('\n').slice(1, -2)) assert.ok(!shown.join().includes(line))
  assert.ok(!shown.join().includes('PLANTED'))
})
