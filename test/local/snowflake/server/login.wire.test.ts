import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { attest, base64 } from './attestation.ts'
import {
  fingerprint,
  firstKeyPair,
  foreignKeyPair,
  type KeyPairTokenOptions,
  keyPairLogin,
  keyPairToken,
  logIn,
  secondKeyPair,
  signedAttestation,
  startWithUsers,
  webIdentityToken,
  workloadLogin,
} from './login-tokens.ts'
import { accountName, type SnowflakeTestServer } from './snowflake-test-server.ts'

test('the signer of these tests signs as both drivers do', () => {
  const key = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjSESSION',
  }
  const signatureAt = (at: string) =>
    attest({ key, at: new Date(at), region: 'eu-west-1' }).headers['authorization']?.split('Signature=')[1]
  assert.equal(signatureAt('2026-11-23T01:59:42Z'), 'e7fa3345077f61a9d8d2e2ccab3e01afa5e836f00e11e9bd4cbb8e9e9f4e7980')
  assert.equal(signatureAt('2026-11-23T02:16:35Z'), 'fc63c5224b79ebfec569787cc1259e29911584ca22ac1382b8228750be0417f1')
})

/** Attestations that are as good as a driver's. */
const good: readonly { readonly name: string; readonly token: (server: SnowflakeTestServer) => string }[] = [
  { name: 'as Node writes it', token: (server) => base64(signedAttestation(server)) },
  {
    name: 'as Python writes it',
    token: (server) =>
      base64(
        signedAttestation(server, {
          name: (header) => header.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
        }),
        1,
      ),
  },
  { name: 'as Go writes it', token: (server) => base64(signedAttestation(server, { path: '' })) },
  { name: 'for another region', token: (server) => base64(signedAttestation(server, { region: 'us-west-2' })) },
  {
    name: 'of a role with a path, which no session shows',
    token: (server) =>
      base64(signedAttestation(server, { key: server.roleSession('hello-role', { path: '/service-role/deep/' }) })),
  },
  {
    name: 'of an endpoint for governments',
    token: (server) => base64(signedAttestation(server, { region: 'us-gov-west-1' })),
  },
  {
    name: 'of an endpoint in China',
    token: (server) =>
      base64(signedAttestation(server, { region: 'cn-north-1', host: 'sts.cn-north-1.amazonaws.com.cn' })),
  },
  {
    name: 'of a further identity of the user',
    token: (server) => base64(signedAttestation(server, { role: 'further-role' })),
  },
  {
    name: 'fourteen minutes old',
    token: (server) => base64(signedAttestation(server, { at: new Date(server.now().getTime() - 14 * 60_000) })),
  },
]

test('an attestation that was signed with the key of a session logs the user of its role in', async (context) => {
  await using server = await startWithUsers()
  for (const { name, token } of good) {
    await context.test(name, async () => {
      const { status, body, contentType } = await logIn(server, workloadLogin(token(server)), '', true)
      assert.equal(contentType, 'application/json')
      assert.deepEqual([status, body.success, body.code, body.message], [200, true, null, null])
      assert.equal(body.data?.['displayUserName'], 'PROBE')
      assert.deepEqual(body.data?.['sessionInfo'], {
        databaseName: 'SNOWGATE',
        schemaName: 'PUBLIC',
        warehouseName: 'LOCAL',
        roleName: 'PUBLIC',
      })
      assert.equal(typeof body.data?.['token'], 'string')
    })
  }
})

test('a login begins where its query says, and names there are identifiers', async () => {
  await using server = await startWithUsers()
  const { body } = await logIn(
    server,
    workloadLogin(base64(signedAttestation(server))),
    '&warehouse=wh&databaseName=db&schemaName=%22my+schema%22&roleName=public',
  )
  assert.deepEqual(body.data?.['sessionInfo'], {
    databaseName: 'DB',
    schemaName: 'my schema',
    warehouseName: 'WH',
    roleName: 'PUBLIC',
  })
})

const localCode = '999999'
const notAccepted = (why: string) =>
  new RegExp(`^The workload identity attestation was not accepted: ${why}.*\\(Code and text by the local stack`, 's')
const noUser = (arn: string) =>
  `Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN '${arn}'`

const badAttestations: readonly {
  readonly name: string
  readonly token: (server: SnowflakeTestServer) => unknown
  readonly more?: Readonly<Record<string, unknown>>
  readonly code?: string
  readonly message: RegExp | string
}[] = [
  {
    name: 'a role without a user',
    token: (server) => base64(signedAttestation(server, { role: 'stranger' })),
    message: noUser('arn:aws:sts::111111111111:assumed-role/stranger/a-function'),
  },
  {
    name: 'a role whose ARN was stored with its path',
    token: (server) =>
      base64(signedAttestation(server, { key: server.roleSession('trapped', { path: '/service-role/' }) })),
    message: noUser('arn:aws:sts::111111111111:assumed-role/trapped/a-function'),
  },
  {
    name: 'a role of that name in another account',
    token: (server) => base64(signedAttestation(server, { role: 'other-account' })),
    message: noUser('arn:aws:sts::111111111111:assumed-role/other-account/a-function'),
  },
  {
    name: 'a disabled user',
    token: (server) => base64(signedAttestation(server, { role: 'off-role' })),
    code: '390101',
    message: 'User access disabled. Contact your local system administrator.',
  },
  {
    name: 'a disabled identity',
    token: (server) => base64(signedAttestation(server, { role: 'retired-role' })),
    message: notAccepted('the workload identity is disabled'),
  },
  {
    name: 'another secret',
    token: (server) =>
      base64(signedAttestation(server, { key: { ...server.roleSession('hello-role'), secretAccessKey: 'guessed' } })),
    message: notAccepted('SignatureDoesNotMatch'),
  },
  {
    name: 'a key that was never given out',
    token: (server) =>
      base64(
        signedAttestation(server, {
          key: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey: 's', sessionToken: 't' },
        }),
      ),
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'the token of another session',
    token: (server) =>
      base64(
        signedAttestation(server, {
          key: { ...server.roleSession('hello-role'), sessionToken: server.roleSession('stranger').sessionToken },
        }),
      ),
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'no session token',
    token: (server) => {
      const { accessKeyId, secretAccessKey } = server.roleSession('hello-role')
      return base64(signedAttestation(server, { key: { accessKeyId, secretAccessKey } }))
    },
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'a session that has ended',
    token: (server) =>
      base64(signedAttestation(server, { key: server.roleSession('hello-role', { durationSeconds: -1 }) })),
    message: notAccepted('ExpiredToken'),
  },
  {
    name: 'sixteen minutes old',
    token: (server) => base64(signedAttestation(server, { at: new Date(server.now().getTime() - 16 * 60_000) })),
    message: notAccepted('SignatureDoesNotMatch: Signature expired'),
  },
  {
    name: 'from the future',
    token: (server) => base64(signedAttestation(server, { at: new Date(server.now().getTime() + 16 * 60_000) })),
    message: notAccepted('SignatureDoesNotMatch: Signature not yet current'),
  },
  {
    name: 'another audience',
    token: (server) => base64(signedAttestation(server, { audience: 'example.com' })),
    message: notAccepted('the header x-snowflake-audience is not snowflakecomputing.com'),
  },
  {
    name: 'no audience',
    token: (server) => base64(signedAttestation(server, { audience: null })),
    message: notAccepted('the header x-snowflake-audience is not'),
  },
  {
    name: 'an audience that was not signed',
    token: (server) => base64(signedAttestation(server, { unsigned: ['x-snowflake-audience'] })),
    message: notAccepted('the header x-snowflake-audience is not signed'),
  },
  {
    name: 'a date that was not signed',
    token: (server) => base64(signedAttestation(server, { unsigned: ['x-amz-date'] })),
    message: notAccepted('SignatureDoesNotMatch'),
  },
  {
    name: 'a host that was not signed',
    token: (server) => base64(signedAttestation(server, { unsigned: ['host'] })),
    message: notAccepted('SignatureDoesNotMatch'),
  },
  {
    name: 'a host that is not of STS',
    token: (server) => base64(signedAttestation(server, { host: 'sts.eu-central-1.amazonaws.com.example.com' })),
    message: notAccepted('the URL is not of a regional STS endpoint'),
  },
  {
    name: 'the global endpoint',
    token: (server) => base64(signedAttestation(server, { region: 'us-east-1', host: 'sts.amazonaws.com' })),
    message: notAccepted('the URL is not of a regional STS endpoint'),
  },
  {
    name: 'an endpoint of China for a region elsewhere',
    token: (server) => base64(signedAttestation(server, { host: 'sts.eu-central-1.amazonaws.com.cn' })),
    message: notAccepted('the URL is not of a regional STS endpoint'),
  },
  {
    name: 'an endpoint of elsewhere for a region of China',
    token: (server) => base64(signedAttestation(server, { region: 'cn-north-1' })),
    message: notAccepted('the URL is not of a regional STS endpoint'),
  },
  {
    name: 'a port',
    token: (server) => base64(signedAttestation(server, { host: 'sts.eu-central-1.amazonaws.com:443' })),
    message: notAccepted('the URL is not of a regional STS endpoint'),
  },
  {
    name: 'a host with a user name before it',
    token: (server) => {
      const attestation = signedAttestation(server)
      return base64({ ...attestation, url: attestation.url.replace('sts.', 'x@sts.') })
    },
    message: notAccepted('the URL is not of a regional STS endpoint'),
  },
  {
    name: 'without TLS',
    token: (server) => {
      const attestation = signedAttestation(server)
      return base64({ ...attestation, url: attestation.url.replace('https', 'http') })
    },
    message: notAccepted('the URL is not of a regional STS endpoint'),
  },
  {
    name: 'a URL of another region than the signed host',
    token: (server) => {
      const attestation = signedAttestation(server)
      return base64({ ...attestation, url: attestation.url.replace('eu-central-1', 'us-east-1') })
    },
    message: notAccepted('the header host is not the host of the URL'),
  },
  {
    name: 'a scope of another region',
    token: (server) =>
      base64(signedAttestation(server, { region: 'us-east-1', host: 'sts.eu-central-1.amazonaws.com' })),
    message: notAccepted('SignatureDoesNotMatch: Credential should be scoped'),
  },
  {
    name: 'a scope of another service',
    token: (server) => base64(signedAttestation(server, { service: 'execute-api' })),
    message: notAccepted('SignatureDoesNotMatch: Credential should be scoped'),
  },
  {
    name: 'another method',
    token: (server) => base64(signedAttestation(server, { method: 'GET' })),
    message: notAccepted('the method is not POST'),
  },
  {
    name: 'another action',
    token: (server) => base64(signedAttestation(server, { query: 'Action=GetSessionToken&Version=2011-06-15' })),
    message: notAccepted('the request is not GetCallerIdentity'),
  },
  {
    name: 'more than the action',
    token: (server) => base64(signedAttestation(server, { query: 'Action=GetCallerIdentity&Version=2011-06-15&X=1' })),
    message: notAccepted('the request is not GetCallerIdentity'),
  },
  {
    name: 'a body that was signed',
    token: (server) => base64(signedAttestation(server, { body: 'Action=GetCallerIdentity' })),
    message: notAccepted('SignatureDoesNotMatch'),
  },
  {
    name: 'a header twice',
    token: (server) => {
      const attestation = signedAttestation(server)
      return base64({ ...attestation, headers: { ...attestation.headers, Host: attestation.headers['host'] } })
    },
    message: notAccepted('a header occurs twice'),
  },
  {
    name: 'a header that is no text',
    token: (server) => base64({ ...signedAttestation(server), headers: { host: ['sts.eu-central-1.amazonaws.com'] } }),
    message: notAccepted('the token is not base64'),
  },
  {
    name: 'no signature',
    token: (server) => {
      const { authorization: _, ...headers } = signedAttestation(server).headers
      return base64({ ...signedAttestation(server), headers })
    },
    message: notAccepted('MissingAuthenticationToken'),
  },
  {
    name: 'a date that is none',
    token: (server) => {
      const attestation = signedAttestation(server)
      return base64({ ...attestation, headers: { ...attestation.headers, 'x-amz-date': 'yesterday' } })
    },
    message: notAccepted('IncompleteSignature'),
  },
  { name: 'of great length', token: () => base64('x'.repeat(40_000)), message: notAccepted('the token is not base64') },
  { name: 'no base64', token: () => 'no base64!', message: notAccepted('the token is not base64') },
  {
    name: 'no JSON',
    token: () => Buffer.from('{').toString('base64'),
    message: notAccepted('the token is not base64'),
  },
  { name: 'an array', token: () => base64([]), message: notAccepted('the token is not base64') },
  { name: 'nothing', token: () => null, message: notAccepted('the token is not base64') },
  {
    name: 'another provider',
    token: (server) => base64(signedAttestation(server)),
    more: { PROVIDER: 'OIDC' },
    message: /^The local Snowflake does not have the provider OIDC .*\(Code and text by the local/,
  },
  {
    name: "another user's login name",
    token: (server) => base64(signedAttestation(server)),
    more: { LOGIN_NAME: 'keys' },
    message: notAccepted('the identity is of another user than the login'),
  },
]

test('an attestation with one fault is rejected', async (context) => {
  await using server = await startWithUsers()
  for (const { name, token, more, code = localCode, message } of badAttestations) {
    await context.test(name, async () => {
      const { status, body } = await logIn(server, workloadLogin(token(server), more))
      assert.deepEqual([status, body.success, body.code, body.data], [200, false, code, null])
      if (typeof message === 'string') assert.equal(body.message, message)
      else assert.match(body.message ?? '', message)
      assert.equal(server.entries.at(-1)?.outcome, 'rejected')
    })
  }
})

/** Web identity tokens that are as good as those of STS. */
const goodWebTokens: readonly { readonly name: string; readonly token: (server: SnowflakeTestServer) => string }[] = [
  { name: 'in ES384', token: (server) => webIdentityToken(server) },
  {
    name: 'in RS256',
    token: (server) =>
      webIdentityToken(server, {}, { alg: 'RS256', kid: 'RSA_0' }, foreignKeyPair.privateKey, 'sha256'),
  },
  {
    name: 'for several audiences',
    token: (server) => webIdentityToken(server, { aud: ['x', 'snowflakecomputing.com'] }),
  },
]

test("a token of the account's issuer logs in the user that has the ARN, path included, and the issuer", async (context) => {
  await using server = await startWithUsers()
  for (const { name, token } of goodWebTokens) {
    await context.test(name, async () => {
      const { body } = await logIn(server, workloadLogin(token(server)))
      assert.deepEqual([body.message, body.data?.['displayUserName']], [null, 'TOKENS'])
    })
  }
})

const badWebTokens: readonly {
  readonly name: string
  readonly token: (server: SnowflakeTestServer) => string
  readonly message: RegExp | string
}[] = [
  {
    name: 'another audience',
    token: (server) => webIdentityToken(server, { aud: ['sts.amazonaws.com'] }),
    message: notAccepted('the audience of the token'),
  },
  {
    name: 'expired',
    token: (server) => webIdentityToken(server, { exp: 1 }),
    message: notAccepted('the token has expired'),
  },
  {
    name: 'no iat',
    token: (server) => webIdentityToken(server, { iat: undefined }),
    message: notAccepted('the token is not a JWT'),
  },
  {
    name: 'no exp',
    token: (server) => webIdentityToken(server, { exp: undefined }),
    message: notAccepted('the token is not a JWT'),
  },
  { name: 'no JWT', token: () => 'a.b.c', message: notAccepted('the token is not a JWT') },
  {
    name: 'no key id',
    token: (server) => webIdentityToken(server, {}, { kid: undefined }),
    message: notAccepted('no key of that id and issuer'),
  },
  {
    name: 'the issuer of another account',
    token: (server) =>
      webIdentityToken(server, { iss: 'https://0a1b2c3d-0000-4000-8000-999999999999.tokens.sts.global.api.aws' }),
    message: notAccepted('no key of that id and issuer'),
  },
  {
    name: 'from the future',
    token: (server) => webIdentityToken(server, { iat: server.now().getTime() / 1_000 + 100 }),
    message: notAccepted('the token was issued in the future'),
  },
  {
    name: 'another issuer',
    token: (server) => webIdentityToken(server, { iss: 'https://sts.amazonaws.com' }),
    message: notAccepted('no key of that id and issuer'),
  },
  {
    name: 'another key id',
    token: (server) => webIdentityToken(server, {}, { kid: 'x' }),
    message: notAccepted('no key of that id and issuer'),
  },
  {
    name: 'another key',
    token: (server) =>
      webIdentityToken(server, {}, {}, generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey),
    message: notAccepted("the signature is not of the issuer's key"),
  },
  {
    name: 'an algorithm that is not of the key',
    token: (server) => webIdentityToken(server, {}, { alg: 'RS256' }),
    message: notAccepted("the signature is not of the issuer's key"),
  },
  {
    name: 'no algorithm',
    token: (server) => webIdentityToken(server, {}, { alg: 'none' }),
    message: notAccepted("the signature is not of the issuer's key"),
  },
  {
    name: 'the role without its path',
    token: (server) => webIdentityToken(server, { sub: 'arn:aws:iam::111111111111:role/tokens' }),
    message: noUser('arn:aws:iam::111111111111:role/tokens'),
  },
  {
    name: 'a user that has no issuer',
    token: (server) => webIdentityToken(server, { sub: 'arn:aws:iam::111111111111:role/hello-role' }),
    message: noUser('arn:aws:iam::111111111111:role/hello-role'),
  },
]

test('a web identity token with one fault is rejected', async (context) => {
  await using server = await startWithUsers()
  for (const { name, token, message } of badWebTokens) {
    await context.test(name, async () => {
      const { status, body } = await logIn(server, workloadLogin(token(server)))
      assert.deepEqual([status, body.success, body.code, body.data], [200, false, localCode, null])
      if (typeof message === 'string') assert.equal(body.message, message)
      else assert.match(body.message ?? '', message)
    })
  }
})

const goodTokens: readonly { readonly name: string; readonly change: KeyPairTokenOptions }[] = [
  { name: 'in seconds, as Python writes it', change: {} },
  {
    name: 'in milliseconds, as Node does',
    change: { claims: (now) => ({ iat: now * 1_000, exp: (now + 120) * 1_000 }) },
  },
  { name: 'of the second key', change: { key: secondKeyPair } },
  { name: "for the account's other name", change: { account: 'ABC12345' } },
  { name: 'fifty seconds old', change: { claims: (now) => ({ iat: now - 50, exp: now + 10 }) } },
  { name: 'valid for an hour', change: { claims: (now) => ({ iat: now, exp: now + 3_600 }) } },
]

test('a token that was signed with either key of a user logs it in', async (context) => {
  await using server = await startWithUsers()
  for (const { name, change } of goodTokens) {
    await context.test(name, async () => {
      const { body } = await logIn(server, keyPairLogin(keyPairToken(server, change)))
      assert.deepEqual([body.message, body.success, body.data?.['displayUserName']], [null, true, 'KEYS'])
    })
  }
})

/** https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting: what the administrator reads of each. */
const badTokens: readonly {
  readonly name: string
  readonly change?: KeyPairTokenOptions
  readonly token?: string
  readonly loginName?: string
  readonly reason: string
}[] = [
  { name: 'no JWT', token: 'abc', reason: 'JWT_TOKEN_INVALID' },
  { name: 'nothing', token: '', reason: 'JWT_TOKEN_INVALID' },
  { name: 'no JSON in it', token: 'YQ.YQ.YQ', reason: 'JWT_TOKEN_INVALID' },
  { name: 'an account in lower case', change: { account: 'myorg-myaccount' }, reason: 'JWT_TOKEN_ACCOUNT_MISMATCH' },
  { name: 'another account', change: { account: 'OTHER' }, reason: 'JWT_TOKEN_ACCOUNT_MISMATCH' },
  { name: 'an account with its region', change: { account: 'ABC12345.EU-CENTRAL-1' }, reason: 'JWT_TOKEN_INVALID' },
  { name: 'sub unlike iss', change: { claims: () => ({ sub: `${accountName}.PROBE` }) }, reason: 'JWT_TOKEN_INVALID' },
  {
    name: 'no SHA256: in iss',
    change: { claims: () => ({ iss: `${accountName}.KEYS.LOGIN.${fingerprint(firstKeyPair).slice(7)}` }) },
    reason: 'JWT_TOKEN_INVALID',
  },
  { name: 'the token of another user', change: { user: 'PLAIN' }, reason: 'JWT_TOKEN_INVALID' },
  {
    name: 'a user that is not there',
    change: { user: 'NOBODY' },
    loginName: 'nobody',
    reason: 'JWT_TOKEN_INVALID_USER_IN_ISSUER',
  },
  {
    name: 'the name of a user whose login name is another',
    change: { user: 'KEYS' },
    loginName: 'keys',
    reason: 'JWT_TOKEN_INVALID_USER_IN_ISSUER',
  },
  {
    name: 'no iat',
    change: { claims: () => ({ iat: undefined }) },
    reason: 'JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME',
  },
  {
    name: 'no exp',
    change: { claims: () => ({ exp: undefined }) },
    reason: 'JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME',
  },
  {
    name: 'iat as a text',
    change: { claims: (now) => ({ iat: String(now) }) },
    reason: 'JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME',
  },
  {
    name: 'a slow clock',
    change: { claims: (now) => ({ iat: now - 62, exp: now + 60 }) },
    reason: 'JWT_TOKEN_INVALID_ISSUE_TIME',
  },
  {
    name: 'a fast clock, in milliseconds',
    change: { claims: (now) => ({ iat: (now + 70) * 1_000, exp: (now + 190) * 1_000 }) },
    reason: 'JWT_TOKEN_INVALID_ISSUE_TIME',
  },
  {
    name: 'expired',
    change: { claims: (now) => ({ iat: now - 30, exp: now - 1 }) },
    reason: 'JWT_TOKEN_INVALID_EXPIRATION_TIME',
  },
  {
    name: 'valid for more than an hour',
    change: { claims: (now) => ({ iat: now, exp: now + 3_700 }) },
    reason: 'JWT_TOKEN_INVALID_EXPIRATION_TIME',
  },
  {
    name: 'a key that is not registered',
    change: { key: foreignKeyPair },
    reason: 'JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH',
  },
  {
    name: 'a user without keys',
    change: { user: 'PLAIN' },
    loginName: 'plain',
    reason: 'JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH',
  },
  { name: 'another algorithm', change: { header: { alg: 'RS512' } }, reason: 'JWT_TOKEN_INVALID_ALGORITHM' },
  { name: 'no algorithm', change: { header: { alg: 'none' } }, reason: 'JWT_TOKEN_INVALID_ALGORITHM' },
  { name: 'another signer', change: { signer: foreignKeyPair }, reason: 'JWT_TOKEN_INVALID_SIGNATURE' },
  { name: 'the other key of the user', change: { signer: secondKeyPair }, reason: 'JWT_TOKEN_INVALID_SIGNATURE' },
]

test('a token with one fault is rejected: the rejection shows an id, for which the reason can be read', async (context) => {
  await using server = await startWithUsers()
  for (const { name, change, token, loginName, reason } of badTokens) {
    await context.test(name, async () => {
      const { status, body } = await logIn(server, keyPairLogin(token ?? keyPairToken(server, change), loginName))
      assert.deepEqual([status, body.success, body.code, body.data], [200, false, '390144', null])
      const [, id] = /^JWT token is invalid\. \[([\da-f-]{36})\]$/.exec(body.message ?? '') ?? []
      const [[details] = []] = await server.engine.rows(`SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('${id}')`)
      const { errorCode, clientIP, clientType } = JSON.parse(details ?? '{}')
      assert.deepEqual([errorCode, clientIP, clientType], [reason, '127.0.0.1', 'Test'])
    })
  }
})

test('a public key is no secret to sign with', async () => {
  await using server = await startWithUsers()
  const [header = '', claims = ''] = keyPairToken(server, { header: { alg: 'HS256' } }).split('.')
  const secret = firstKeyPair.publicKey.export({ format: 'pem', type: 'spki' })
  const signature = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url')
  const { body } = await logIn(server, keyPairLogin(`${header}.${claims}.${signature}`))
  assert.deepEqual([body.success, body.code], [false, '390144'])
})

const otherLogins: readonly {
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
  readonly query?: string
  readonly status?: number
  readonly code: string
  readonly message: RegExp
}[] = [
  {
    name: 'a password',
    data: { LOGIN_NAME: 'keys', PASSWORD: 'x' },
    code: '390100',
    message: /^Incorrect username or password was specified\.$/,
  },
  {
    name: 'a programmatic access token',
    data: { AUTHENTICATOR: 'PROGRAMMATIC_ACCESS_TOKEN', LOGIN_NAME: 'keys', TOKEN: 'x' },
    code: '394400',
    message: /^Programmatic access token is invalid\.$/,
  },
  {
    name: 'an OAuth token',
    data: { AUTHENTICATOR: 'OAUTH', TOKEN: 'x' },
    code: '390303',
    message: /^Invalid OAuth access token\. \[[\da-f-]{36}\]$/,
  },
  {
    name: 'a browser',
    data: { AUTHENTICATOR: 'EXTERNALBROWSER' },
    code: localCode,
    message: /^The local Snowflake does not have the authenticator EXTERNALBROWSER.*\(Code and text by the local/,
  },
  {
    name: 'an account that is not there',
    data: { ACCOUNT_NAME: 'other', AUTHENTICATOR: 'OAUTH' },
    status: 403,
    code: '390144',
    message: /^Invalid account name or host\.$/,
  },
  {
    name: 'no account',
    data: { ACCOUNT_NAME: 1 },
    code: '390400',
    message: /^Bad request: the body is not a login request\./,
  },
]

test('a login of another kind is rejected with the code of its kind', async (context) => {
  await using server = await startWithUsers()
  for (const { name, data, status: expected = 200, code, message } of otherLogins) {
    await context.test(name, async () => {
      const { status, body } = await logIn(server, data)
      assert.deepEqual([status, body.success, body.code, body.data], [expected, false, code, null])
      assert.match(body.message ?? '', message)
    })
  }
  await context.test('the key of a disabled user', async () => {
    const { body } = await logIn(server, keyPairLogin(keyPairToken(server, { user: 'LOCKED' }), 'locked'))
    assert.deepEqual(
      [body.code, body.message],
      ['390101', 'User access disabled. Contact your local system administrator.'],
    )
  })
  await context.test('a role that was not granted', async () => {
    const { body } = await logIn(server, keyPairLogin(keyPairToken(server)), '&roleName=sysadmin')
    assert.equal(body.code, '390189')
    assert.match(
      body.message ?? '',
      /^Role 'SYSADMIN' specified in the connect string does not exist or not authorized\./,
    )
  })
})

test('a login by an identity of AWS is kept as its last use', async () => {
  await using server = await startWithUsers()
  const lastUses = async () =>
    (await server.engine.rows('SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER probe')).map((row) => row[3])
  assert.deepEqual(await lastUses(), [null, null, null])
  await logIn(server, workloadLogin(base64(signedAttestation(server, { role: 'further-role' }))))
  assert.deepEqual(await lastUses(), [null, server.engine.now().toISOString(), null])
})

test('what the log says of logins holds no token and no secret', async () => {
  await using server = await startWithUsers()
  const attestation = signedAttestation(server)
  for (const token of [base64(attestation), base64({ ...attestation, method: 'GET' }), webIdentityToken(server), 'x'])
    await logIn(server, workloadLogin(token))
  await logIn(server, keyPairLogin(keyPairToken(server, { signer: foreignKeyPair })))
  const log = JSON.stringify(server.entries)
  const secrets = [...Object.values(attestation.headers).filter((value) => value.length > 60), firstKeyPair.publicBody]
  assert.ok(secrets.length >= 3)
  for (const secret of secrets) assert.ok(!log.includes(secret))
  assert.doesNotMatch(log, /eyJ/)
})
