import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** In the order of preference that AWS documents. */
const algorithms = {
  ES384: { kid: 'EC384_0', hash: 'sha384', newKeys: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }) },
  RS256: { kid: 'RSA_0', hash: 'sha256', newKeys: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }) },
} as const

export type TokenAlgorithm = keyof typeof algorithms

export const isTokenAlgorithm = (name: string | undefined): name is TokenAlgorithm =>
  name !== undefined && Object.hasOwn(algorithms, name)

/** A public key as an issuer publishes it. */
export interface IssuerKey {
  readonly kid: string
  readonly key: KeyObject
}

export type TokenIssuers = ReturnType<typeof createTokenIssuers>

/**
 * The issuers of web identity tokens, one for each AWS account. Ids of keys and the order of the header's members are those of
 * tokens that were published (github.com/radkawar/stackd, testdata/aws/iam/outbound_issuance.json).
 */
export const createTokenIssuers = () => {
  const keys = new Map<string, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>()

  /** Created with the first token; before it, no token can exist. */
  const keysOf = (issuer: string, algorithm: TokenAlgorithm) => {
    const id = `${issuer} ${algorithms[algorithm].kid}`
    const keyPair = keys.get(id) ?? algorithms[algorithm].newKeys()
    keys.set(id, keyPair)
    return keyPair
  }

  return {
    /** A token of the account, in compact form. */
    issue: (accountId: string, algorithm: TokenAlgorithm, claims: Readonly<Record<string, unknown>>): string => {
      const { kid, hash } = algorithms[algorithm]
      const { privateKey } = keysOf(issuerOf(accountId), algorithm)
      const signed = `${jwtPart({ kid, typ: 'JWT', alg: algorithm })}.${jwtPart(claims)}`
      const signature = sign(hash, Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
      return `${signed}.${signature.toString('base64url')}`
    },

    /** What the issuer's `/.well-known/jwks.json` would list. */
    findKeys: (issuer: string): readonly IssuerKey[] =>
      Object.values(algorithms).flatMap(({ kid }) => {
        const keyPair = keys.get(`${issuer} ${kid}`)
        return keyPair ? [{ kid, key: keyPair.publicKey }] : []
      }),
  }
}

const jwtPart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/**
 * AWS draws the UUID when federation is enabled. Here it follows from the account, so that an ISSUER that was written down
 * is right in the next run as well.
 */
export const issuerOf = (accountId: string): string => {
  const digest = createHash('sha256').update(`issuer of ${accountId}`).digest('hex')
  const uuid = digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
  return `https://${uuid}.tokens.sts.global.api.aws`
}
