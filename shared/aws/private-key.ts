import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { ServiceError } from '../errors/service-error.ts'

/** Snowflake's minimum. https://docs.snowflake.com/en/user-guide/key-pair-auth */
const minKeyBits = 2_048

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
  const key = parsePem(pem, passphrase)
  if (!key) throw diagnosePem(pem, passphrase)
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type !== 'rsa') throw unusableKey(`The key type is ${type}; Snowflake requires RSA.`)
  if (!isConsistent(key)) throw unusableKey(corruptedMessage)
  const bits = details?.modulusLength ?? 0
  if (bits < minKeyBits) throw unusableKey(`It has ${bits} bits; Snowflake requires at least ${minKeyBits}.`)
  return key
}

const parsePem = (pem: string, passphrase: string | undefined): KeyObject | undefined => {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase && { passphrase }) })
  } catch {
    return undefined // `diagnosePem` says more than OpenSSL's error
  }
}

/** OpenSSL accepts inconsistent numbers, which a single changed character can cause. */
const isConsistent = (key: KeyObject): boolean => {
  const data = Buffer.from('anything')
  try {
    return verify('sha256', data, createPublicKey(key), sign('sha256', data, key))
  } catch {
    return false
  }
}

const corruptedMessage = 'Some of its characters are missing or changed.'

const unusableKey = (detail: string) => new ServiceError('PRIVATE_KEY_UNUSABLE', { detail })

const label = '(?:RSA |ENCRYPTED |EC |DSA |OPENSSH )?PRIVATE KEY'
const begin = new RegExp(`-----BEGIN (${label})-----`)
const end = new RegExp(`-----END (${label})-----`)

/** How keys get damaged when they are stored. The order matters: several patterns can match. */
const pemMistakes: readonly (readonly [(pem: string) => boolean, string])[] = [
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
  [(pem) => /[^A-Za-z0-9+/=\s]/.test(base64Body(pem)), 'It has invalid characters.'],
]

const diagnosePem = (pem: string, passphrase: string | undefined): ServiceError => {
  const mistake = pemMistakes.find(([isSo]) => isSo(pem))
  if (mistake) return unusableKey(mistake[1])
  if (!isCompleteDer(pem)) return unusableKey(corruptedMessage)
  if (!isEncrypted(pem)) return unusableKey('The text between its first and last line is not a private key.')
  if (!passphrase) return new ServiceError('PASSPHRASE_MISSING')
  const unquoted = passphrase.trim().replace(/^(["'])(.*)\1$/s, '$2')
  const isFixed = unquoted !== passphrase && parsePem(pem, unquoted) !== undefined
  return new ServiceError('PASSPHRASE_WRONG', isFixed ? { detail: 'It has quotes or a line break around it.' } : {})
}

/** RFC 1421, section 4.6.1.1: encrypted PKCS#1 keys. */
const isEncrypted = (pem: string): boolean => /BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED$/m.test(pem)

/** The base64 text, without the header lines that an encrypted PKCS#1 key has. */
const base64Body = (pem: string): string =>
  pem
    .slice(pem.search(begin), pem.search(end))
    .replace(begin, '')
    .replace(/^[\w-]+: .*$/gm, '')

/** Whether the DER has its declared length. An encrypted PKCS#1 key is not DER. */
const isCompleteDer = (pem: string): boolean => {
  if (/^Proc-Type/m.test(pem)) return true
  const der = Buffer.from(base64Body(pem), 'base64')
  // X.690, section 8.1: a SEQUENCE, the number of bytes of its length, and the length.
  const lengthBytes = (der[1] ?? 0) & 0x7f
  if (der[0] !== 0x30 || (der[1] ?? 0) < 0x81 || lengthBytes > 3 || der.length < 2 + lengthBytes) return false
  return der.length === 2 + lengthBytes + der.readUIntBE(2, lengthBytes)
}
