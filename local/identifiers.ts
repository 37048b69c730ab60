import { createHash } from 'node:crypto'

/** Source of everything that AWS would draw at random; the same seed gives the same run. */
export interface Identifiers {
  /** `AROA`, `AIDA`, `AKIA`, `ASIA` … with 16 or 17 upper-case letters and digits after it, as that prefix has them. */
  readonly unique: (prefix: string) => string
  /** 40 characters, as a secret access key has. */
  readonly secret: () => string
  readonly sessionToken: () => string
  readonly uuid: () => string
  /** Lower-case letters and digits: API ids have 10, resource ids 6. */
  readonly short: (length: number) => string
  /** 15 base64 characters and `=`: API Gateway's extended request id. */
  readonly extendedRequestId: () => string
  /** `Root=1-<8 hex of the time>-<24 hex>`, X-Ray's trace header. */
  readonly traceId: (now: Date) => string
  /** What follows from a name and the seed alone, whatever else was drawn: another run and another deployment give the same. */
  readonly named: (name: string) => Identifiers
}

export const createIdentifiers = (seed: string): Identifiers => {
  let drawCount = 0
  const bytes = () => createHash('sha512').update(`${seed}\n${drawCount++}`).digest()
  const from = (alphabet: string, length: number) =>
    [...bytes().subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('')
  const hex = (length: number) => bytes().toString('hex').slice(0, length)
  return {
    // Access key ids have 20 characters, the ids of users and roles 21.
    unique: (prefix) => prefix + from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', /^A[KS]IA$/.test(prefix) ? 16 : 17),
    secret: () => bytes().toString('base64').slice(0, 40),
    sessionToken: () => `FwoGZXIvYXdz${Buffer.concat([bytes(), bytes(), bytes()]).toString('base64')}`,
    uuid: () => hex(32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5'),
    short: (length) => from('abcdefghijklmnopqrstuvwxyz0123456789', length),
    extendedRequestId: () => `${bytes().toString('base64url').replace(/[-_]/g, 'x').slice(0, 15)}=`,
    traceId: (now) => `Root=1-${Math.floor(now.getTime() / 1000).toString(16)}-${hex(24)}`,
    named: (name) => createIdentifiers(`${seed}\n${name}`),
  }
}
