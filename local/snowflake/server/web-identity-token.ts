import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { AttestationResult } from './caller-identity-attestation.ts'
import { isSignedBy, readJwt } from './jwt.ts'

/** A public key that an issuer of AWS signs tokens with. */
export interface IssuerKey {
  readonly kid: string
  readonly key: KeyObject
}

interface WebIdentityTokenDependencies {
  readonly findIssuerKeys: (issuer: string) => readonly IssuerKey[]
  readonly now: () => Date
}

const audience = 'snowflakecomputing.com'

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
})

/**
 * The token of sts:GetWebIdentityToken. Its subject is the ARN of the principal, a role's path included.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html
 */
export const verifyWebIdentityToken = (
  token: string,
  { findIssuerKeys, now }: WebIdentityTokenDependencies,
): AttestationResult => {
  const jwt = readJwt(token)
  const tokenClaims = claimsSchema.safeParse(jwt?.claims).data
  if (!jwt || !tokenClaims) return { reason: 'the token is not a JWT with iss, aud, sub, iat and exp' }
  const { iss, aud, sub, iat, exp } = tokenClaims
  if (![aud].flat().includes(audience)) return { reason: `the audience of the token is not ${audience}` }
  const key = findIssuerKeys(iss).find(({ kid }) => kid === jwt.header['kid'])
  if (!key) return { reason: 'no key of that id and issuer is known' }
  if (!isSignedBy(jwt, key.key)) return { reason: "the signature is not of the issuer's key" }
  const seconds = now().getTime() / 1_000
  if (exp <= seconds) return { reason: 'the token has expired' }
  if (iat > seconds + 60) return { reason: 'the token was issued in the future' }
  return { arn: sub, issuer: iss }
}
