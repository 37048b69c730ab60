import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { createPassphrase, createRsaKey, findPassphraseFault, keySizes } from '../../../cli/keypair/rsa-key.ts'
import { readPrivateKey } from '../../../shared/aws/private-key.ts'
import { temporaryFolder } from '../../infra/compile.ts'

const passphrase = createPassphrase()

test('a key has the requested size, and fits into a standard parameter', async () => {
  for (const bits of keySizes) {
    const { pem } = await createRsaKey(bits, passphrase)
    const key = createPrivateKey({ key: pem, passphrase })
    assert.equal(key.asymmetricKeyDetails?.modulusLength, bits)
    // https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
    assert.ok(pem.length <= 4_096, `${bits} bits are ${pem.length} characters`)
    assert.ok(readPrivateKey(pem, passphrase).equals(key))
  }
})

/** DER of the object identifiers of RFC 8018, appendices A.4 and B.2.5. */
const pbes2 = Buffer.from('06092a864886f70d01050d', 'hex')
const aes256cbc = Buffer.from('060960864801650304012a', 'hex')

test('the private half is PKCS#8 under PBES2 with AES-256-CBC, and opens with its passphrase alone', async () => {
  const { pem } = await createRsaKey(2048, passphrase)
  assert.match(pem, /^-----BEGIN ENCRYPTED PRIVATE KEY-----\n[\s\S]+\n-----END ENCRYPTED PRIVATE KEY-----\n$/)
  const der = Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64')
  assert.ok(der.includes(pbes2) && der.includes(aes256cbc))
  assert.throws(() => createPrivateKey({ key: pem, passphrase: `${passphrase}x` }))
  assert.throws(() => readPrivateKey(pem, undefined), { code: 'PASSPHRASE_MISSING' })
})

test('the public half verifies what the private one signs', async () => {
  const { pem, publicHalf } = await createRsaKey(2048, passphrase)
  const publicKey = createPublicKey({ key: Buffer.from(publicHalf.body, 'base64'), format: 'der', type: 'spki' })
  const data = Buffer.from('anything')
  assert.ok(verify('sha256', data, publicKey, sign('sha256', data, createPrivateKey({ key: pem, passphrase }))))
  assert.match(publicHalf.body, /^[A-Za-z0-9+/]+=*$/)
})

test('OpenSSL opens the key, and computes the same fingerprint as Snowflake documents it', async (t) => {
  const { pem, publicHalf } = await createRsaKey(2048, passphrase)
  const folder = await temporaryFolder()
  const file = join(folder, 'key.p8')
  await writeFile(file, pem)
  await writeFile(join(folder, 'passphrase'), passphrase)
  const openssl = (command: string) => promisify(execFile)('sh', ['-c', command], { cwd: folder })
  if (
    await openssl('command -v openssl').then(
      () => false,
      () => true,
    )
  )
    return t.skip('there is no openssl here')
  // https://docs.snowflake.com/en/user-guide/key-pair-auth
  const { stdout } = await openssl(
    'openssl pkey -in key.p8 -passin file:passphrase -pubout -outform DER | openssl dgst -sha256 -binary | openssl base64',
  )
  assert.equal(`SHA256:${stdout.trim()}`, publicHalf.fingerprint)
})

test('a passphrase is letters and digits alone, and no two are the same', () => {
  const made = Array.from({ length: 1_000 }, createPassphrase)
  assert.equal(new Set(made).size, made.length)
  for (const one of made) assert.match(one, /^[A-Za-z0-9]{40}$/)
  assert.equal(new Set(made.join('')).size, 62)
})

const passphrases: readonly (readonly [string, string | undefined])[] = [
  [passphrase, undefined],
  ['correct-horse_battery/staple!', undefined],
  ['"quoted"', 'has quotes around it'],
  ["'quoted'", 'has quotes around it'],
  ['ends with a line break\n', 'contains a space, a line break or a non-ASCII character'],
  ['a space', 'contains a space, a line break or a non-ASCII character'],
  ['schlüssel', 'contains a space, a line break or a non-ASCII character'],
]

test('a passphrase that some clients cannot read is reported', () => {
  for (const [passphrase, fault] of passphrases) assert.equal(findPassphraseFault(passphrase), fault, passphrase)
})
