import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { attest, jwt, type Signing } from './attestation.ts'
import { accountName, newKeyPair, type Served, serviceUser, startServed } from './served.ts'

export const first = newKeyPair()
export const second = newKeyPair()
export const foreign = newKeyPair()
const issuer = 'https://0a1b2c3d-0000-4000-8000-0123456789ab.tokens.sts.global.api.aws'
export const issuerKeys = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
const roleArn = 'arn:aws:iam::111111111111:role/team/tokens'

const named = (name: string, role: string) =>
  `ALTER USER probe ADD WORKLOAD IDENTITY ${name} TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/${role}'`

const users = `${serviceUser('probe', 'hello-role')} ${named('further', 'further-role')}; ${named('retired', 'retired-role')};
  ALTER USER probe MODIFY WORKLOAD IDENTITY retired SET DISABLED = TRUE; ${serviceUser('off', 'off-role')} ALTER USER off SET DISABLED = TRUE;
  CREATE USER pathed TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/service-role/trapped');
  CREATE USER elsewhere TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::222222222222:role/other-account');
  CREATE USER tokens TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${roleArn}' ISSUER = '${issuer}');
  CREATE USER keys LOGIN_NAME = 'keys.login' TYPE = SERVICE RSA_PUBLIC_KEY = '${first.publicBody}' RSA_PUBLIC_KEY_2 = '${second.publicBody}';
  CREATE USER plain TYPE = SERVICE; CREATE USER locked TYPE = SERVICE RSA_PUBLIC_KEY = '${first.publicBody}' DISABLED = TRUE;`

const published = [
  { kid: 'EC384_0', key: issuerKeys.publicKey },
  { kid: 'RSA_0', key: foreign.publicKey },
]

export const start = () => startServed({ sql: users, issuerKeys: new Map([[issuer, published]]) })

export const logIn = (served: Served, data: Readonly<Record<string, unknown>>, query = '', gzip = false) =>
  served.send(
    `/session/v1/login-request?requestId=${randomUUID()}${query}`,
    { data: { ACCOUNT_NAME: accountName, CLIENT_APP_ID: 'Test', CLIENT_APP_VERSION: '1', ...data } },
    { gzip },
  )

export const withWorkload = (token: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  AUTHENTICATOR: 'WORKLOAD_IDENTITY',
  PROVIDER: 'AWS',
  LOGIN_NAME: '',
  TOKEN: token,
  ...more,
})

export const attested = (served: Served, signing: Partial<Signing> & { role?: string } = {}) =>
  attest({ key: served.roleSession(signing.role ?? 'hello-role'), at: served.now(), ...signing })

export const webToken = (
  served: Served,
  claims: Readonly<Record<string, unknown>> = {},
  header: object = {},
  key = issuerKeys.privateKey,
  hash = 'sha384',
) => {
  const iat = Math.floor(served.now().getTime() / 1_000)
  return jwt(
    { alg: 'ES384', typ: 'JWT', kid: 'EC384_0', ...header },
    { iss: issuer, aud: 'snowflakecomputing.com', sub: roleArn, iat, exp: iat + 300, jti: 'x', ...claims },
    key,
    hash,
  )
}

export const fingerprint = ({ publicKey }: typeof first) =>
  `SHA256:${createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64')}`

export interface Change {
  readonly header?: object
  readonly account?: string
  readonly user?: string
  readonly claims?: (now: number) => Readonly<Record<string, unknown>>
  readonly key?: typeof first
  /** Who signs, if it is not the key that is named. */
  readonly signer?: typeof first
}

export const keyToken = (
  served: Served,
  { header, account = accountName, user = 'KEYS.LOGIN', claims, key = first, signer }: Change = {},
) => {
  const now = Math.floor(served.now().getTime() / 1_000)
  const sub = `${account}.${user}`
  return jwt(
    { alg: 'RS256', typ: 'JWT', ...header },
    { iss: `${sub}.${fingerprint(key)}`, sub, iat: now, exp: now + 60, ...claims?.(now) },
    (signer ?? key).privateKey,
  )
}

export const withKey = (token: unknown, loginName = 'keys.login') => ({
  AUTHENTICATOR: 'SNOWFLAKE_JWT',
  LOGIN_NAME: loginName,
  TOKEN: token,
})
