import type { SnowflakeUser } from '../engine/catalogue/index.ts'
import { epochSeconds, isSignedBy, readJwt } from './jwt.ts'

/** https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting */
export type JwtFault =
  | 'JWT_TOKEN_INVALID'
  | 'JWT_TOKEN_INVALID_USER_IN_ISSUER'
  | 'JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME'
  | 'JWT_TOKEN_INVALID_ISSUE_TIME'
  | 'JWT_TOKEN_INVALID_EXPIRATION_TIME'
  | 'JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH'
  | 'JWT_TOKEN_INVALID_ALGORITHM'
  | 'JWT_TOKEN_INVALID_SIGNATURE'
  | 'JWT_TOKEN_ACCOUNT_MISMATCH'

export type KeyPairResult =
  | { readonly user: SnowflakeUser }
  | { readonly fault: JwtFault; readonly reason: string; readonly fix?: string }

interface VerifyKeyPairOptions {
  readonly users: readonly SnowflakeUser[]
  readonly accountNames: readonly string[]
  /** As the login names it beside the token; may be empty. */
  readonly loginName: string
  readonly now: Date
}

const maxIssueAgeSeconds = 60
const maxValiditySeconds = 3_600

const issuerPattern = /^([^.]+)\.(.+)\.(SHA256:[A-Za-z\d+/]{43}=)$/

/** A token signed with a user's private key. The order of the checks is ours; the reasons are Snowflake's. */
export const verifyKeyPairToken = (
  token: string,
  { users, accountNames, loginName, now }: VerifyKeyPairOptions,
): KeyPairResult => {
  const reject = (name: JwtFault, reason: string, fix?: string): KeyPairResult => ({
    fault: name,
    reason,
    ...(fix !== undefined && { fix }),
  })
  const jwt = readJwt(token)
  if (!jwt) return reject('JWT_TOKEN_INVALID', 'the token is not a JWT with three parts')
  if (jwt.header['alg'] !== 'RS256') return reject('JWT_TOKEN_INVALID_ALGORITHM', 'the algorithm is not RS256')

  const { iss, sub, iat, exp } = jwt.claims
  const [, account, name, fingerprint] = issuerPattern.exec(typeof iss === 'string' ? iss : '') ?? []
  if (account === undefined || name === undefined)
    return reject('JWT_TOKEN_INVALID', 'iss is not <ACCOUNT>.<USER>.SHA256:<fingerprint>')
  if (sub !== `${account}.${name}`) return reject('JWT_TOKEN_INVALID', 'sub is not the first two parts of iss')
  if (!accountNames.includes(account))
    return reject(
      'JWT_TOKEN_ACCOUNT_MISMATCH',
      `the token is for the account ${JSON.stringify(account)}`,
      `Name the account ${accountNames.join(' or ')}, in upper case.`,
    )
  if (loginName !== '' && loginName.toUpperCase() !== name)
    return reject('JWT_TOKEN_INVALID', 'the token is of another user than the login')

  const issuedAt = epochSeconds(iat)
  const expiresAt = epochSeconds(exp)
  if (issuedAt === undefined || expiresAt === undefined)
    return reject('JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME', 'iat or exp is missing or not a number')
  const seconds = now.getTime() / 1_000
  if (expiresAt <= seconds)
    return reject('JWT_TOKEN_INVALID_EXPIRATION_TIME', `exp was ${secondsText(seconds - expiresAt)} ago`)
  if (expiresAt - issuedAt > maxValiditySeconds)
    return reject('JWT_TOKEN_INVALID_EXPIRATION_TIME', 'the token is valid for more than an hour')
  if (Math.abs(seconds - issuedAt) > maxIssueAgeSeconds)
    return reject(
      'JWT_TOKEN_INVALID_ISSUE_TIME',
      `iat is ${secondsText(Math.abs(seconds - issuedAt))} ${issuedAt < seconds ? 'behind' : 'ahead of'} the clock here`,
      `The login has to arrive within ${maxIssueAgeSeconds} seconds of iat: look at the signer's clock.`,
    )

  const user = users.find((one) => one.loginName.toUpperCase() === name)
  if (!user)
    return reject(
      'JWT_TOKEN_INVALID_USER_IN_ISSUER',
      `no user has the login name ${JSON.stringify(name)}`,
      'CREATE USER …',
    )
  const key = user.publicKeys.find((one) => one.fingerprint === fingerprint)
  if (!key)
    return reject(
      'JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH',
      `user ${user.name} has ${user.publicKeys.length} public keys, and none of that fingerprint`,
      `ALTER USER ${user.name} SET RSA_PUBLIC_KEY = '…', or RSA_PUBLIC_KEY_2; DESC USER shows the fingerprints.`,
    )
  return isSignedBy(jwt, key.key)
    ? { user }
    : reject('JWT_TOKEN_INVALID_SIGNATURE', 'the signature is not of the key with that fingerprint')
}

const secondsText = (seconds: number): string => `${Math.round(seconds)} seconds`
