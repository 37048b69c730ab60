import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { ServiceError } from '../errors/index.ts'

/** Snowflake's least. https://docs.snowflake.com/en/user-guide/key-pair-auth */
const leastBits = 2_048

/**
 * The RSA private key in a PEM text: PKCS#8 encrypted or plain, or PKCS#1. Line ends of any system and space around it are
 * no damage (RFC 7468, section 2); every other damage is said and not mended, since others read the same secret.
 * @throws ServiceError PRIVATE_KEY_UNUSABLE with what is wrong, PASSPHRASE_MISSING or PASSPHRASE_WRONG
 */
export const readPrivateKey = (text: string, passphrase: string | undefined): KeyObject => {
  const pem = text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trim()
  const key = opened(pem, passphrase)
  if (!key) throw diagnosisOf(pem, passphrase)
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type !== 'rsa') throw unusable(`It is a key of the kind ${type}; Snowflake takes RSA.`)
  if (!agreesWithItself(key)) throw unusable(changed)
  const bits = details?.modulusLength ?? 0
  if (bits < leastBits) throw unusable(`It has ${bits} bits; Snowflake asks for ${leastBits} at least.`)
  return key
}

const opened = (pem: string, passphrase: string | undefined): KeyObject | undefined => {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase && { passphrase }) })
  } catch {
    return undefined // what OpenSSL says of it is less than the text shows
  }
}

/** OpenSSL reads numbers that do not belong together, as one changed character leaves them. */
const agreesWithItself = (key: KeyObject): boolean => {
  const data = Buffer.from('anything')
  try {
    return verify('sha256', data, createPublicKey(key), sign('sha256', data, key))
  } catch {
    return false
  }
}

const changed = 'Some of its characters are missing or changed.'

const unusable = (detail: string) => new ServiceError('PRIVATE_KEY_UNUSABLE', { detail })

const label = '(?:RSA |ENCRYPTED |EC |DSA |OPENSSH )?PRIVATE KEY'
const begin = new RegExp(`-----BEGIN (${label})-----`)
const end = new RegExp(`-----END (${label})-----`)

/** How keys get damaged on their way into a secret, in the order in which one damage would be taken for another. */
const damages: readonly (readonly [(pem: string) => boolean, string])[] = [
  [(pem) => pem === '', 'It is empty.'],
  [(pem) => /^["'`“”‘’]|["'`“”‘’]$/.test(pem), 'It has quotes around it.'],
  [(pem) => /\\[nr]/.test(pem), 'Its line breaks are written as a backslash and a letter.'],
  [(pem) => /-----BEGIN (?:RSA )?PUBLIC KEY|^ssh-rsa /.test(pem), 'It is the public key.'],
  [(pem) => /-----BEGIN CERTIFICATE/.test(pem), 'It is a certificate.'],
  [(pem) => /-----BEGIN OPENSSH/.test(pem), 'It has the form of OpenSSH; PKCS#8 is needed.'],
  [(pem) => Buffer.from(pem, 'base64').includes('-----BEGIN'), 'It was encoded in base64 once more.'],
  [(pem) => /^-----BEGIN [A-Z ]+-----$/.test(pem), 'It is cut at its first line.'],
  [(pem) => !begin.test(pem) && end.test(pem), 'Its first line, -----BEGIN …-----, is missing or damaged.'],
  [
    (pem) => begin.test(pem) && !end.test(pem),
    'Its last line, -----END …-----, is missing or damaged: it may be cut off.',
  ],
  [(pem) => !begin.test(pem), 'It is no PEM text: the line -----BEGIN PRIVATE KEY----- is missing.'],
  [(pem) => begin.exec(pem)?.[1] !== end.exec(pem)?.[1], 'Its first and last line do not belong together.'],
  [(pem) => !/-----BEGIN [A-Z ]+-----\n[\s\S]*\n-----END /.test(pem), 'Its line breaks are lost.'],
  [(pem) => /[^A-Za-z0-9+/=\s]/.test(bodyOf(pem)), 'It has characters in it that do not belong there.'],
]

const diagnosisOf = (pem: string, passphrase: string | undefined): ServiceError => {
  const damage = damages.find(([isSo]) => isSo(pem))
  if (damage) return unusable(damage[1])
  if (!isWhole(pem)) return unusable(changed)
  if (!isEncrypted(pem)) return unusable('What is between its first and last line is no private key.')
  if (!passphrase) return new ServiceError('PASSPHRASE_MISSING')
  const bare = passphrase.trim().replace(/^(["'])(.*)\1$/s, '$2')
  const mended = bare !== passphrase && opened(pem, bare) !== undefined
  return new ServiceError('PASSPHRASE_WRONG', mended ? { detail: 'It has quotes or a line break around it.' } : {})
}

/** RFC 1421, section 4.6.1.1: how PKCS#1 keys are encrypted. */
const isEncrypted = (pem: string): boolean => /BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED$/m.test(pem)

/** The base64 text, without the header lines that an encrypted PKCS#1 key has. */
const bodyOf = (pem: string): string =>
  pem
    .slice(pem.search(begin), pem.search(end))
    .replace(begin, '')
    .replace(/^[\w-]+: .*$/gm, '')

/** Whether the DER inside has the length that it says. What is encrypted as PKCS#1 is no DER before it is decrypted. */
const isWhole = (pem: string): boolean => {
  if (/^Proc-Type/m.test(pem)) return true
  const der = Buffer.from(bodyOf(pem), 'base64')
  // X.690, section 8.1: a SEQUENCE, the number of bytes of its length, and the length.
  const lengthBytes = (der[1] ?? 0) & 0x7f
  if (der[0] !== 0x30 || (der[1] ?? 0) < 0x81 || lengthBytes > 3 || der.length < 2 + lengthBytes) return false
  return der.length === 2 + lengthBytes + der.readUIntBE(2, lengthBytes)
}
