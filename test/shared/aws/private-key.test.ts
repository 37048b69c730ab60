import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { readPrivateKey } from '../../../shared/aws/private-key.ts'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { propertyRuns } from '../../property-runs.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const passphrase = 'correct horse'

const pem = (type: 'pkcs1' | 'pkcs8', cipher?: string): string =>
  privateKey.export({ type, format: 'pem', ...(cipher !== undefined && { cipher, passphrase }) }).toString()

const plain = pem('pkcs8')
const pkcs1 = pem('pkcs1')
const encrypted = pem('pkcs8', 'aes-256-cbc')
const encryptedPkcs1 = pem('pkcs1', 'aes-256-cbc')

const openssl = (...args: string[]): string => execFileSync('openssl', args, { input: plain, stdio: 'pipe' }).toString()

const readable: readonly (readonly [string, string, string?])[] = [
  ['PKCS#8', plain],
  ['PKCS#8, with a passphrase that it does not need', plain, passphrase],
  ['PKCS#1', pkcs1],
  ['encrypted PKCS#8', encrypted, passphrase],
  ['encrypted PKCS#8 of openssl pkcs8 -topk8', openssl('pkcs8', '-topk8', '-passout', 'pass:other'), 'other'],
  [
    'encrypted PKCS#8 of openssl pkcs8 -topk8 -v2 des3',
    openssl('pkcs8', '-topk8', '-v2', 'des3', '-passout', 'pass:x'),
    'x',
  ],
  ['encrypted PKCS#1', encryptedPkcs1, passphrase],
  ['line ends of Windows', encrypted.replaceAll('\n', '\r\n'), passphrase],
  ['without its last line end', plain.trimEnd()],
  ['with space around it', `\n  ${plain}\n\n`],
  ['encrypted PKCS#8 under the name of a plain one', encrypted.replaceAll('ENCRYPTED ', ''), passphrase],
  ['with a byte order mark', `\uFEFF${plain}`],
  ['with the bag attributes of openssl pkcs12 before it', `Bag Attributes\n    friendlyName: x\n${plain}`],
]

for (const [what, text, opensIt] of readable) {
  test(`a private key is read: ${what}`, () => {
    assert.ok(readPrivateKey(text, opensIt).equals(privateKey))
  })
}

const without = (text: string, pattern: RegExp) => text.replace(pattern, '')
const lines = (text: string) => text.trim().split('\n')
const unusable = (detail: string) => ({ code: 'PRIVATE_KEY_UNUSABLE', detail })
const exported = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const swapCharacters = (text: string) => {
  const middle = lines(text)[4] ?? ''
  return text.replace(middle, middle.split('').reverse().join(''))
}

const wholeDer = Buffer.concat([Buffer.from('308180', 'hex'), Buffer.alloc(0x80)]).toString('base64')
const quotes = unusable('It has quotes around it.')
const twoCharacters = unusable('Its line breaks are written as backslash and letter.')
const lost = unusable('Its line breaks are missing.')
const firstLine = unusable('Only its first line is left.')
const noEnd = unusable('Its last line, -----END …-----, is missing or damaged: it may be cut off.')
const noBegin = unusable('Its first line, -----BEGIN …-----, is missing or damaged.')
const noPem = unusable('It is not a PEM text: the line -----BEGIN PRIVATE KEY----- is missing.')
const missing = unusable('Some of its characters are missing or changed.')
const noKey = unusable('The text between its first and last line is not a private key.')

interface Diagnosis {
  readonly code: string
  readonly detail?: string
}

const damaged: readonly (readonly [string, string, string | undefined, Diagnosis])[] = [
  ['empty', '', undefined, unusable('It is empty.')],
  ['nothing but space', ' \n', undefined, unusable('It is empty.')],
  ['double quotes around it', `"${plain.trim()}"`, undefined, quotes],
  ['single quotes around it', `'${encrypted}'`, passphrase, quotes],
  ['a quote before it', `"${plain}`, undefined, quotes],
  ['typographic quotes', `“${plain.trim()}”`, undefined, quotes],
  ['newlines as two characters', plain.replaceAll('\n', '\\n'), undefined, twoCharacters],
  ['newlines as two characters, encrypted', encrypted.replaceAll('\n', '\\n'), passphrase, twoCharacters],
  ['newlines as four characters', plain.replaceAll('\n', '\\r\\n'), undefined, twoCharacters],
  ['newlines as spaces', plain.trim().replaceAll('\n', ' '), undefined, lost],
  ['newlines gone', plain.replaceAll('\n', ''), undefined, lost],
  ['cut at its first line', lines(plain)[0] ?? '', undefined, firstLine],
  ['cut at its first line, encrypted', `${lines(encrypted)[0]}\n`, passphrase, firstLine],
  ['cut in the middle', lines(plain).slice(0, 9).join('\n'), undefined, noEnd],
  ['without its last line', lines(plain).slice(0, -1).join('\n'), undefined, noEnd],
  ['without its first line', lines(plain).slice(1).join('\n'), undefined, noBegin],
  ['without first and last line', lines(plain).slice(1, -1).join('\n'), undefined, noPem],
  ['a hyphen too few', plain.replace('-----BEGIN', '----BEGIN'), undefined, noBegin],
  ['another text', 'hunter2', undefined, noPem],
  ['a file name', 'file://rsa_key.p8', undefined, noPem],
  ['a line missing', lines(plain).toSpliced(5, 1).join('\n'), undefined, missing],
  [
    'a line twice',
    lines(encrypted)
      .toSpliced(5, 0, lines(encrypted)[5] ?? '')
      .join('\n'),
    passphrase,
    missing,
  ],
  [
    'nothing between the lines',
    lines(plain)
      .toSpliced(1, lines(plain).length - 2, '')
      .join('\n'),
    undefined,
    missing,
  ],
  ['base64 twice', Buffer.from(plain).toString('base64'), undefined, unusable('It is base64-encoded twice.')],
  [
    'first and last line of different kinds',
    plain.replace('END ', 'END RSA '),
    undefined,
    unusable('Its first and last line do not match.'),
  ],
  ['a strange character', plain.replace(/(\n.{8})./, '$1!'), undefined, unusable('It has invalid characters.')],
  [
    'PKCS#1 under the name of an encrypted PKCS#8',
    pkcs1.replaceAll('RSA PRIVATE', 'ENCRYPTED PRIVATE'),
    passphrase,
    { code: 'PASSPHRASE_WRONG' },
  ],
  ['characters in another order', swapCharacters(plain), undefined, missing],
  ['other DER', '-----BEGIN PRIVATE KEY-----\nMIICAwIBAA==\n-----END PRIVATE KEY-----', undefined, missing],
  [
    'a complete DER that is not a key',
    `-----BEGIN PRIVATE KEY-----\n${wholeDer}\n-----END PRIVATE KEY-----`,
    undefined,
    noKey,
  ],
  [
    'the public key',
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    undefined,
    unusable('It is the public key.'),
  ],
  [
    'the public key as PKCS#1',
    publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    undefined,
    unusable('It is the public key.'),
  ],
  [
    'a certificate',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    undefined,
    unusable('It is a certificate.'),
  ],
  [
    'a key of ssh-keygen',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----',
    undefined,
    unusable('It is in OpenSSH format; PKCS#8 is required.'),
  ],
  [
    'an elliptic curve',
    exported(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    undefined,
    unusable('The key type is ec; Snowflake requires RSA.'),
  ],
  [
    'Ed25519',
    exported(generateKeyPairSync('ed25519').privateKey),
    undefined,
    unusable('The key type is ed25519; Snowflake requires RSA.'),
  ],
  [
    '1,024 bits',
    exported(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey),
    undefined,
    unusable('It has 1024 bits; Snowflake requires at least 2048.'),
  ],
  ['no passphrase', encrypted, undefined, { code: 'PASSPHRASE_MISSING' }],
  ['an empty passphrase', encrypted, '', { code: 'PASSPHRASE_MISSING' }],
  ['no passphrase, PKCS#1', encryptedPkcs1, undefined, { code: 'PASSPHRASE_MISSING' }],
  ['a wrong passphrase', encrypted, 'battery staple', { code: 'PASSPHRASE_WRONG' }],
  ['a wrong passphrase, PKCS#1', encryptedPkcs1, 'battery staple', { code: 'PASSPHRASE_WRONG' }],
  ['a passphrase of 2,000 characters', encrypted, 'x'.repeat(2_000), { code: 'PASSPHRASE_WRONG' }],
  [
    'a passphrase with the line break of echo',
    encrypted,
    `${passphrase}\n`,
    { code: 'PASSPHRASE_WRONG', detail: 'It has quotes or a line break around it.' },
  ],
  [
    'a passphrase with quotes',
    encrypted,
    `"${passphrase}"`,
    { code: 'PASSPHRASE_WRONG', detail: 'It has quotes or a line break around it.' },
  ],
]

for (const [what, text, given, { code, detail }] of damaged) {
  test(`damage to a private key is reported: ${what}`, () => {
    assert.throws(
      () => readPrivateKey(text, given),
      (error) => {
        assert.ok(error instanceof ServiceError, inspect(error))
        assert.deepEqual([error.code, error.status, error.detail], [code, 422, detail])
        return true
      },
    )
  })
}

/** Changes that can happen to a text between a key file and a secret. */
const damage = fc.oneof(
  fc.tuple(fc.nat(), fc.nat()).map(
    ([from, to]) =>
      (text: string) =>
        text.slice(from % text.length, to % text.length),
  ),
  fc.tuple(fc.nat(), fc.nat(9)).map(([at, length]) => (text: string) => {
    const start = at % (text.length + 1)
    return text.slice(0, start) + text.slice(start + length)
  }),
  fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 9 })).map(([at, more]) => (text: string) => {
    const start = at % (text.length + 1)
    return text.slice(0, start) + more + text.slice(start)
  }),
  fc.constantFrom<((text: string) => string)[]>(
    (text) => text.replaceAll('\n', '\\n'),
    (text) => text.replaceAll('\n', ' '),
    (text) => text.replaceAll('\n', ''),
    (text) => text.replaceAll('\n', '\r'),
    (text) => text.replaceAll('-', '–'),
    (text) => text.toUpperCase(),
    (text) => JSON.stringify(text),
    (text) => encodeURIComponent(text.toWellFormed()),
    (text) => Buffer.from(text).toString('base64'),
    (text) => text + text,
    (text) => text.split('').reverse().join(''),
    (text) => without(text, /-----BEGIN.*\n/),
    (text) => without(text, /-----END.*\n?/),
  ),
)

test('with any change to a private key or its passphrase, the result is a key or a diagnosis without a secret', () => {
  const texts = fc.constantFrom(plain, pkcs1, encrypted, encryptedPkcs1)
  const passphrases = fc.oneof(fc.constantFrom(undefined, '', passphrase, `${passphrase}\n`), fc.string())
  fc.assert(
    fc.property(texts, fc.array(damage, { maxLength: 3 }), passphrases, (text, damages, given) => {
      const secret = damages.reduce((sofar, inflict) => inflict(sofar || ' '), text)
      try {
        assert.equal(readPrivateKey(secret, given).type, 'private')
      } catch (error) {
        assert.ok(error instanceof ServiceError, inspect(error))
        assert.match(error.code, /^(PRIVATE_KEY_UNUSABLE|PASSPHRASE_MISSING|PASSPHRASE_WRONG)$/)
        const shown = inspect(error, { depth: null, showHidden: true })
        for (const line of lines(text).filter((line) => /^[\w+/]{32}/.test(line)))
          assert.ok(!shown.includes(line.slice(0, 16)), shown)
        assert.ok(!shown.includes(passphrase), shown)
      }
    }),
    { numRuns: propertyRuns(1_000) },
  )
})
