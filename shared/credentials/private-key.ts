import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { ServiceError } from '../errors/index.ts'

/** Snowflake's minimum. https://docs.snowflake.com/en/user-guide/key-pair-auth */
const leastBits = 2_048

/**
 * Parses an RSA private key in PEM: PKCS#8, encrypted or plain, or PKCS#1. Accepts any line endings and surrounding space
 * (RFC 7468, section 2). Reports any other damage instead of repairing it: other programs read the same secret.
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
  if (type !== 'rsa') throw unusable(`The key type is ${type}; Snowflake requires RSA.`)
  if (!agreesWithItself(key)) throw unusable(changed)
  const bits = details?.modulusLength ?? 0
  if (bits < leastBits) throw unusable(`It has ${bits} bits; Snowflake requires at least ${leastBits}.`)
  return key
}

const opened = (pem: string, passphrase: string | undefined): KeyObject | undefined => {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase && { passphrase }) })
  } catch {
    return undefined // `diagnosisOf` says more than OpenSSL's error
  }
}

/** OpenSSL accepts inconsistent numbers, which a single changed character can cause. */
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

/** How keys get damaged when they are stored. The order matters: several patterns can match. */
const damages: readonly (readonly [(pem: string) => boolean, string])[] = [
  [(pem) => pem === '', 'It is empty.'],
  [(pem) => /^["'`“”‘’]|["'`“”‘’]$/.test(pem), 'It has quotes around it.'],
  [(pem) => /\\[nr]/.test(pem), 'Its line breaks are written as backslash and letter.'],
  [(pem) => /-----BEGIN (?:RSA )?PUBLIC KEY|^ssh-rsa /.test(pem), 'It is the public key.'],
  [(pem) => /-----BEGIN CERTIFICATE/.test(pem), 'It is a certificate.'],
  [(pem) => /-----BEGIN OPENSSH/.test(pem), 'It is in OpenSSH format; PKCS#8 is required.'],
  [(pem) => Buffer.from(pem, 'base64').includes('-----BEGIN'), 'It is base64-encoded twice.'],
  [(pem) => /^-----BEGIN [A-Z ]+-----$/.test(pem), 'Only its first line is left.'],
  [(pem) => !begin.test(pem) && end.test(pem), 'Its first line, -----BEGIN …-----, is missing or damaged.'],
  [
    (pem) => begin.test(pem) && !end.test(pem),
    'Its last line, -----END …-----, is missing or damaged: it may be cut off.',
  ],
  [(pem) => !begin.test(pem), 'It is not a PEM text: the line -----BEGIN PRIVATE KEY----- is missing.'],
  [(pem) => begin.exec(pem)?.[1] !== end.exec(pem)?.[1], 'Its first and last line do not match.'],
  [(pem) => !/-----BEGIN [A-Z ]+-----\n[\s\S]*\n-----END /.test(pem), 'Its line breaks are missing.'],
  [(pem) => /[^A-Za-z0-9+/=\s]/.test(bodyOf(pem)), 'It has invalid characters.'],
]

const diagnosisOf = (pem: string, passphrase: string | undefined): ServiceError => {
  const damage = damages.find(([isSo]) => isSo(pem))
  if (damage) return unusable(damage[1])
  if (!isWhole(pem)) return unusable(changed)
  if (!isEncrypted(pem)) return unusable('The text between its first and last line is not a private key.')
  if (!passphrase) return new ServiceError('PASSPHRASE_MISSING')
  const bare = passphrase.trim().replace(/^(["'])(.*)\1$/s, '$2')
  const mended = bare !== passphrase && opened(pem, bare) !== undefined
  return new ServiceError('PASSPHRASE_WRONG', mended ? { detail: 'It has quotes or a line break around it.' } : {})
}

/** RFC 1421, section 4.6.1.1: encrypted PKCS#1 keys. */
const isEncrypted = (pem: string): boolean => /BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED$/m.test(pem)

/** The base64 text, without the header lines that an encrypted PKCS#1 key has. */
const bodyOf = (pem: string): string =>
  pem
    .slice(pem.search(begin), pem.search(end))
    .replace(begin, '')
    .replace(/^[\w-]+: .*$/gm, '')

/** Whether the DER has its declared length. An encrypted PKCS#1 key is not DER. */
const isWhole = (pem: string): boolean => {
  if (/^Proc-Type/m.test(pem)) return true
  const der = Buffer.from(bodyOf(pem), 'base64')
  // X.690, section 8.1: a SEQUENCE, the number of bytes of its length, and the length.
  const lengthBytes = (der[1] ?? 0) & 0x7f
  if (der[0] !== 0x30 || (der[1] ?? 0) < 0x81 || lengthBytes > 3 || der.length < 2 + lengthBytes) return false
  return der.length === 2 + lengthBytes + der.readUIntBE(2, lengthBytes)
}
