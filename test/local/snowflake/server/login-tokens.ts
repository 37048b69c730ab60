import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { type AttestationOptions, attest, jwt } from './attestation.ts'
import {
  accountName,
  newKeyPair,
  type SnowflakeTestServer,
  serviceUser,
  startSnowflakeTestServer,
} from './snowflake-test-server.ts'

export const firstKeyPair = newKeyPair()
export const secondKeyPair = newKeyPair()
export const foreignKeyPair = newKeyPair()
const issuer = 'https://0a1b2c3d-0000-4000-8000-0123456789ab.tokens.sts.global.api.aws'
export const issuerKeys = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
const roleArn = 'arn:aws:iam::111111111111:role/team/tokens'

const addIdentity = (name: string, role: string) =>
  `ALTER USER probe ADD WORKLOAD IDENTITY ${name} TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/${role}'`

const users = `${serviceUser('probe', 'hello-role')} ${addIdentity('further', 'further-role')}; ${addIdentity('retired', 'retired-role')};
  ALTER USER probe MODIFY WORKLOAD IDENTITY retired SET DISABLED = TRUE; ${serviceUser('off', 'off-role')} ALTER USER off SET DISABLED = TRUE;
  CREATE USER pathed TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/service-role/trapped');
  CREATE USER elsewhere TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::222222222222:role/other-account');
  CREATE USER tokens TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${roleArn}' ISSUER = '${issuer}');
  CREATE USER keys LOGIN_NAME = 'keys.login' TYPE = SERVICE RSA_PUBLIC_KEY = '${firstKeyPair.publicBody}' RSA_PUBLIC_KEY_2 = '${secondKeyPair.publicBody}';
  CREATE USER plain TYPE = SERVICE; CREATE USER locked TYPE = SERVICE RSA_PUBLIC_KEY = '${firstKeyPair.publicBody}' DISABLED = TRUE;`

const publishedKeys = [
  { kid: 'EC384_0', key: issuerKeys.publicKey },
  { kid: 'RSA_0', key: foreignKeyPair.publicKey },
]

export const startWithUsers = () =>
  startSnowflakeTestServer({ sql: users, issuerKeys: new Map([[issuer, publishedKeys]]) })

export const logIn = (server: SnowflakeTestServer, data: Readonly<Record<string, unknown>>, query = '', gzip = false) =>
  server.send(
    `/session/v1/login-request?requestId=${randomUUID()}${query}`,
    { data: { ACCOUNT_NAME: accountName, CLIENT_APP_ID: 'Test', CLIENT_APP_VERSION: '1', ...data } },
    { gzip },
  )

export const workloadLogin = (token: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  AUTHENTICATOR: 'WORKLOAD_IDENTITY',
  PROVIDER: 'AWS',
  LOGIN_NAME: '',
  TOKEN: token,
  ...more,
})

export const signedAttestation = (
  server: SnowflakeTestServer,
  signing: Partial<AttestationOptions> & { role?: string } = {},
) => attest({ key: server.roleSession(signing.role ?? 'hello-role'), at: server.now(), ...signing })

export const webIdentityToken = (
  server: SnowflakeTestServer,
  claims: Readonly<Record<string, unknown>> = {},
  header: object = {},
  key = issuerKeys.privateKey,
  hash = 'sha384',
) => {
  const iat = Math.floor(server.now().getTime() / 1_000)
  return jwt(
    { alg: 'ES384', typ: 'JWT', kid: 'EC384_0', ...header },
    { iss: issuer, aud: 'snowflakecomputing.com', sub: roleArn, iat, exp: iat + 300, jti: 'x', ...claims },
    key,
    hash,
  )
}

export const fingerprint = ({ publicKey }: typeof firstKeyPair) =>
  `SHA256:${createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64')}`

export interface KeyPairTokenOptions {
  readonly header?: object
  readonly account?: string
  readonly user?: string
  readonly claims?: (now: number) => Readonly<Record<string, unknown>>
  readonly key?: typeof firstKeyPair
  /** Who signs, if it is not the key that is named. */
  readonly signer?: typeof firstKeyPair
}

export const keyPairToken = (
  server: SnowflakeTestServer,
  { header, account = accountName, user = 'KEYS.LOGIN', claims, key = firstKeyPair, signer }: KeyPairTokenOptions = {},
) => {
  const now = Math.floor(server.now().getTime() / 1_000)
  const sub = `${account}.${user}`
  return jwt(
    { alg: 'RS256', typ: 'JWT', ...header },
    { iss: `${sub}.${fingerprint(key)}`, sub, iat: now, exp: now + 60, ...claims?.(now) },
    (signer ?? key).privateKey,
  )
}

export const keyPairLogin = (token: unknown, loginName = 'keys.login') => ({
  AUTHENTICATOR: 'SNOWFLAKE_JWT',
  LOGIN_NAME: loginName,
  TOKEN: token,
})
