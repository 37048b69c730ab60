import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { createKeyPairReader } from '../../../shared/aws/key-pair-reader.ts'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import {
  type FakeResponse,
  getParameterResponse,
  never,
  type ReceivedRequest,
  ssmError,
  startFakeAws,
} from './fake-aws-server.ts'
import { clientOptionsFor, frozenDependencies, longTimeout, serviceCredentials } from './retry-dependencies.ts'

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
const parameterStore = (values: () => Readonly<Record<string, string>>) => (received: ReceivedRequest) => {
  const value = values()[received.parameters['Name'] ?? '']
  return value === undefined ? ssmError('ParameterNotFound') : getParameterResponse(received, value)
}
const keyAndPassphrase = ({ pem }: { readonly pem: string }) => ({
  [parameters.privateKey]: pem,
  [parameters.passphrase]: passphrase,
})

const minute = 60_000

test('1,000 concurrent cold requests read and decrypt each parameter once, 1,000 warm ones none', async (t) => {
  const ssm = await startFakeAws(
    t,
    parameterStore(() => keyAndPassphrase(first)),
  )
  const { getPrivateKey } = createKeyPairReader({ parameters, aws: clientOptionsFor(ssm) })
  for (let turn = 0; turn < 2; turn++) {
    const keys = await Promise.all(Array.from({ length: 1_000 }, () => getPrivateKey(longTimeout())))
    assert.equal(new Set(keys).size, 1)
    assert.ok(keys[0]?.equals(first.privateKey))
  }
  const requests = ssm.received.map(({ headers, parameters }) => ({ target: headers['x-amz-target'], ...parameters }))
  assert.deepEqual(
    new Set(requests),
    new Set(
      Object.values(parameters).map((Name) => ({ target: 'AmazonSSM.GetParameter', Name, WithDecryption: true })),
    ),
  )
  assert.equal(requests.length, 2)
})

test('a key without a passphrase is one parameter', async (t) => {
  const pem = first.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const ssm = await startFakeAws(
    t,
    parameterStore(() => ({ plain: pem })),
  )
  const { getPrivateKey } = createKeyPairReader({
    parameters: { privateKey: 'plain' },
    aws: clientOptionsFor(ssm),
  })
  assert.ok((await getPrivateKey(longTimeout())).equals(first.privateKey))
  assert.equal(ssm.received.length, 1)
})

test('the variables that ECS injects are read too', async () => {
  const variables = { SECRET_KEY: first.pem, PRIVATE_KEY_PASSPHRASE: passphrase }
  assert.ok((await createKeyPairReader({ variables }).getPrivateKey(longTimeout())).equals(first.privateKey))
})

const invalidVariables: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{}, 'SECRET_NOT_FOUND'],
  [{ SECRET_KEY: '' }, 'PRIVATE_KEY_UNUSABLE'],
  [{ SECRET_KEY: first.pem.replaceAll('\n', '\\n') }, 'PRIVATE_KEY_UNUSABLE'],
  [{ SECRET_KEY: first.pem }, 'PASSPHRASE_MISSING'],
  [{ SECRET_KEY: first.pem, PRIVATE_KEY_PASSPHRASE: 'PLANTED wrong' }, 'PASSPHRASE_WRONG'],
]

for (const [variables, code] of invalidVariables) {
  test(`invalid variables are ${code}: ${Object.keys(variables)}`, async () => {
    await assert.rejects(createKeyPairReader({ variables }).getPrivateKey(longTimeout()), { code, status: 422 })
  })
}

test('a key is read again in the background after a quarter of an hour', async (t) => {
  const { dependencies, forward } = frozenDependencies()
  let stored = first
  const ssm = await startFakeAws(
    t,
    parameterStore(() => keyAndPassphrase(stored)),
  )
  const { getPrivateKey } = createKeyPairReader({ parameters, aws: clientOptionsFor(ssm) }, dependencies)
  const key = await getPrivateKey(longTimeout())
  stored = second
  forward(14 * minute)
  assert.equal(await getPrivateKey(longTimeout()), key)
  assert.equal(ssm.received.length, 2)
  forward(2 * minute)
  assert.equal(await getPrivateKey(longTimeout()), key)
  while ((await getPrivateKey(longTimeout())).equals(first.privateKey)) await setTimeout(5)
  assert.equal(ssm.received.length, 4)
})

test('a key is used for as long as it cannot be read again', async (t) => {
  const { dependencies, forward } = frozenDependencies()
  const ssm = await startFakeAws(t, (received) =>
    received.number <= 2
      ? parameterStore(() => keyAndPassphrase(first))(received)
      : ssmError('AccessDeniedException', 'no more'),
  )
  const { getPrivateKey } = createKeyPairReader({ parameters, aws: clientOptionsFor(ssm) }, dependencies)
  for (let turn = 0; turn < 5; turn++) {
    assert.ok((await getPrivateKey(longTimeout())).equals(first.privateKey))
    forward(60 * minute)
    await setTimeout(20)
  }
})

test('a key that Snowflake rejects is read again immediately, and replaced if it was rotated', async (t) => {
  const { dependencies, forward } = frozenDependencies()
  let stored = first
  const ssm = await startFakeAws(
    t,
    parameterStore(() => keyAndPassphrase(stored)),
  )
  const login = createKeyPairReader({ parameters, aws: clientOptionsFor(ssm) }, dependencies)
  const rejected = await login.getPrivateKey(longTimeout())
  forward(minute)
  stored = second
  const getReplacement = () => login.getReplacement(rejected, longTimeout())
  const replacements = await Promise.all(Array.from({ length: 1_000 }, getReplacement))
  assert.equal(new Set(replacements).size, 1)
  assert.ok(replacements[0]?.equals(second.privateKey))
  assert.equal(ssm.received.length, 4)
  assert.ok((await getReplacement())?.equals(second.privateKey))
  assert.equal(ssm.received.length, 4)
})

test('rejections of a key that was not rotated read it once in ten seconds, and there is no replacement', async (t) => {
  const { dependencies, forward } = frozenDependencies()
  const ssm = await startFakeAws(
    t,
    parameterStore(() => keyAndPassphrase(first)),
  )
  const login = createKeyPairReader({ parameters, aws: clientOptionsFor(ssm) }, dependencies)
  for (const readings of [1, 1, 2, 2]) {
    const rejected = await login.getPrivateKey(longTimeout())
    for (let turn = 0; turn < 5; turn++) assert.equal(await login.getReplacement(rejected, longTimeout()), undefined)
    assert.equal(ssm.received.length, 2 * readings)
    forward(6_000)
  }
})

const user = 'arn:aws:sts::111111111111:assumed-role/probe/probe'
const kms =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not ' +
  'allowed to access. (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: 1)'

/** The response of SSM, the number of attempts, and the resulting error. */
const rejections: readonly (readonly [string, FakeResponse, number, { code: string; status: number }])[] = [
  ['not there', ssmError('ParameterNotFound'), 1, { code: 'SECRET_NOT_FOUND', status: 422 }],
  [
    'no such version',
    ssmError('ParameterVersionNotFound', 'Systems Manager could not find version 7 of /a.'),
    1,
    { code: 'SECRET_NOT_FOUND', status: 422 },
  ],
  [
    'not allowed',
    ssmError('AccessDeniedException', `User: ${user} is not authorized to perform: ssm:GetParameter on resource: x`),
    1,
    { code: 'SECRET_DENIED', status: 422 },
  ],
  ['not decryptable', ssmError('AccessDeniedException', kms), 1, { code: 'SECRET_NOT_DECRYPTABLE', status: 422 }],
  [
    'not allowed to decrypt',
    ssmError('AccessDeniedException', `User: ${user} is not authorized to perform: kms:Decrypt on resource: x`),
    1,
    { code: 'SECRET_NOT_DECRYPTABLE', status: 422 },
  ],
  [
    'not allowed, by the name of KMS',
    ssmError(
      'AccessDeniedException',
      `User: ${user} is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-central-1:111111111111:parameter/kms/ciphertext`,
    ),
    1,
    { code: 'SECRET_DENIED', status: 422 },
  ],
  ['key disabled', ssmError('InvalidKeyId', 'disabled'), 1, { code: 'SECRET_NOT_DECRYPTABLE', status: 422 }],
  ['bad name', ssmError('ValidationException', '1 validation'), 1, { code: 'AWS_REQUEST_REFUSED', status: 422 }],
  [
    'own login',
    ssmError('UnrecognizedClientException', 'invalid'),
    1,
    { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 },
  ],
  ['own login over', ssmError('ExpiredTokenException', 'x'), 1, { code: 'OWN_CREDENTIALS_UNUSABLE', status: 422 }],
  ['throttled', ssmError('ThrottlingException', 'Rate exceeded'), 4, { code: 'AWS_THROTTLED', status: 429 }],
  ['broken', { status: 500, body: '{}' }, 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  ['unreadable', { status: 200, body: '{"Parameter":{"Value":"PLANTED' }, 4, { code: 'AWS_UNREACHABLE', status: 503 }],
  ['without value', { status: 200, body: '{"Parameter":{}}' }, 1, { code: 'AWS_UNREACHABLE', status: 503 }],
  ['cut key', getParameterResponse({ parameters: {} }, '-----BEGIN'), 1, { code: 'PRIVATE_KEY_UNUSABLE', status: 422 }],
]

test('each error of SSM becomes a ServiceError without secrets, and is not cached', async (t) => {
  for (const [what, failure, times, expected] of rejections) {
    await t.test(what, async (t) => {
      const { dependencies } = frozenDependencies()
      const pem = first.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      const ssm = await startFakeAws(t, (one) => (one.number <= times ? failure : getParameterResponse(one, pem)))
      const source = { parameters: { privateKey: '/a' }, aws: clientOptionsFor(ssm) }
      const { getPrivateKey } = createKeyPairReader(source, dependencies)
      await assert.rejects(getPrivateKey(longTimeout()), (error) => {
        assert.ok(error instanceof ServiceError, inspect(error))
        assert.deepEqual({ code: error.code, status: error.status }, expected)
        const shown = inspect(error, { depth: null, showHidden: true })
        for (const secret of [serviceCredentials.secretAccessKey, serviceCredentials.sessionToken, 'PLANTED']) {
          assert.ok(!shown.includes(secret), shown)
        }
        return true
      })
      assert.equal(ssm.received.length, times)
      await getPrivateKey(longTimeout())
      assert.equal(ssm.received.length, times + 1)
    })
  }
})

test('the parameter and SSM’s message are only in the cause', async (t) => {
  const ssm = await startFakeAws(
    t,
    parameterStore(() => ({ [parameters.privateKey]: first.pem })),
  )
  const { getPrivateKey } = createKeyPairReader({ parameters, aws: clientOptionsFor(ssm) })
  await assert.rejects(getPrivateKey(longTimeout()), (error) => {
    assert.ok(error instanceof ServiceError && error.cause instanceof Error)
    assert.equal(error.code, 'SECRET_NOT_FOUND')
    assert.doesNotMatch(error.message, /snowgate\/dev/)
    assert.match(error.cause.message, /^ssm:GetParameter of \/snowgate\/dev\/passphrase: 400 ParameterNotFound/)
    return true
  })
})

test('a request to a hanging SSM ends at the deadline', async (t) => {
  const ssm = await startFakeAws(t, () => never)
  const deadline = new AbortController()
  const { getPrivateKey } = createKeyPairReader({ parameters, aws: clientOptionsFor(ssm) })
  const rejected = assert.rejects(getPrivateKey(deadline.signal), { code: 'AWS_UNREACHABLE', status: 503 })
  while (ssm.received.length < 2) await setTimeout(5)
  deadline.abort()
  await rejected
  await Promise.all(ssm.received.map(({ hungUp }) => hungUp))
})

test('a clock skew of an hour is corrected for SSM too', async (t) => {
  const hour = 60 * minute
  const ssm = await startFakeAws(t, (received) => {
    const date = new Date(Date.now() + hour)
    const signed = received.headers['x-amz-date']?.toString().slice(0, 13)
    const current = [0, 1].map((seconds) => new Date(date.getTime() - seconds * 1_000))
    return current.some((time) =>
      time
        .toISOString()
        .replace(/[:-]/g, '')
        .startsWith(signed ?? '?'),
    )
      ? { ...getParameterResponse(received, first.pem), date }
      : { ...ssmError('InvalidSignatureException', 'Signature expired'), date }
  })
  const { getPrivateKey } = createKeyPairReader({
    parameters: { privateKey: '/a' },
    aws: clientOptionsFor(ssm),
  })
  await assert.rejects(getPrivateKey(longTimeout()), { code: 'PASSPHRASE_MISSING' })
  assert.equal(ssm.received.length, 2)
})

test('a private key does not show its secret', async () => {
  const variables = { SECRET_KEY: first.pem, PRIVATE_KEY_PASSPHRASE: passphrase }
  const login = createKeyPairReader({ variables })
  const key = await login.getPrivateKey(longTimeout())
  const shown = [inspect(key), inspect({ login, key }, { showHidden: true, depth: null }), JSON.stringify({ key })]
  for (const line of first.pem.split('\n').slice(1, -2)) assert.ok(!shown.join().includes(line))
  assert.ok(!shown.join().includes('PLANTED'))
})
