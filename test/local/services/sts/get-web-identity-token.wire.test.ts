import assert from 'node:assert/strict'
import { verify } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { GetWebIdentityTokenCommand, type GetWebIdentityTokenCommandInput, STSClient } from '@aws-sdk/client-sts'
import { createWireServer } from '../../../../local/http.ts'
import { createIdentifiers } from '../../../../local/identifiers.ts'
import { createKeyRing } from '../../../../local/identities/index.ts'
import type { JournalEntry } from '../../../../local/journal.ts'
import { createSts, createTokenIssuers, issuerOf } from '../../../../local/services/sts/index.ts'

/**
 * Words, codes and the order of the checks as recorded at AWS on 2026-09-11:
 * https://github.com/radkawar/stackd/blob/9dc356f/testdata/aws/iam/outbound_identity.json and outbound_issuance.json beside it.
 */

const region = 'eu-central-1'
const account = '111111111111'
/** Federation is disabled there. */
const without = '222222222222'
const audience = 'snowflakecomputing.com'
const functionArn = `arn:aws:lambda:${region}:${account}:function:snowgate-dev-snowflake-probe`

const allow = (action: unknown, more: object = {}) => ({ Effect: 'Allow', Action: action, Resource: '*', ...more })
const both = ['sts:GetWebIdentityToken', 'sts:TagGetWebIdentityToken']
const self = `arn:aws:sts::${account}:self`

/** By the name of the role: what its policy says. */
const roles: Readonly<Record<string, readonly object[]>> = {
  nobody: [],
  plain: [allow('sts:GetWebIdentityToken')],
  tagger: [allow(both)],
  scoped: [allow(both, { Resource: self })],
  elsewhere: [allow(both, { Resource: `arn:aws:iam::${account}:role/team/elsewhere` })],
  denied: [allow('sts:*'), { ...allow('sts:GetWebIdentityToken'), Effect: 'Deny' }],
  bound: [
    allow('sts:GetWebIdentityToken', {
      Condition: {
        'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [audience] },
        StringEquals: { 'sts:SigningAlgorithm': 'ES384' },
        NumericEquals: { 'sts:DurationSeconds': '300' },
      },
    }),
  ],
  teamTagger: [
    allow('sts:GetWebIdentityToken'),
    allow('sts:TagGetWebIdentityToken', {
      Condition: {
        StringEquals: { 'aws:RequestTag/team': 'data' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
      },
    }),
  ],
}

const startSts = async () => {
  const now = () => new Date()
  const identifiers = createIdentifiers('test')
  const keyRing = createKeyRing({ identifiers, now })
  const issuers = createTokenIssuers()
  const entries: JournalEntry[] = []
  const sts = createSts({
    region,
    keyRing,
    issuers,
    identifiers,
    now,
    findRole: () => undefined,
    isFederationEnabled: (accountId) => accountId !== without,
    journal: { record: (entry) => entries.push(entry), find: () => undefined },
  })
  const server = createWireServer({ answer: sts, now })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one

  const startSession = (name: string, { accountId = account, seconds = 3_600, tags = {}, inFunction = false } = {}) =>
    keyRing.startSession(
      {
        name,
        path: '/team/',
        arn: `arn:aws:iam::${accountId}:role/team/${name}`,
        maxSessionDuration: 3_600,
        trustPolicy: { name: 'trust', document: { Version: '2012-10-17', Statement: [] } },
        identityPolicies: (roles[name] ?? []).map((statement, at) => ({
          name: `policy ${at}`,
          document: { Version: '2012-10-17', Statement: [statement] },
        })),
        tags: { team: 'roles' },
      },
      {
        sessionName: 'a-session',
        durationSeconds: seconds,
        tags,
        ...(inFunction && { functionArn, sourceIdentity: 'alice' }),
      },
    )

  const ask = (
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
    input: Partial<GetWebIdentityTokenCommandInput> = {},
  ) =>
    new STSClient({ endpoint: `http://127.0.0.1:${port}`, region, maxAttempts: 1, credentials }).send(
      new GetWebIdentityTokenCommand({ Audience: [audience], SigningAlgorithm: 'ES384', ...input }),
    )

  return {
    startSession,
    ask,
    issuers,
    keyRing,
    entries,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

let stsServer: Awaited<ReturnType<typeof startSts>>
before(async () => {
  stsServer = await startSts()
})
after(() => stsServer.stop())

const part = (text = ''): Record<string, unknown> => JSON.parse(Buffer.from(text, 'base64url').toString())

const read = (token = '') => {
  const [header, claims, signature = ''] = token.split('.')
  return { header: part(header), claims: part(claims), signed: `${header}.${claims}`, signature }
}

/** By Node's own crypto, as any reader of the issuer's keys would. */
const isGenuine = (token: string | undefined, hash: string): boolean => {
  const { header, claims, signed, signature } = read(token)
  const key = stsServer.issuers.findKeys(String(claims['iss'])).find(({ kid }) => kid === header['kid'])?.key
  assert.ok(key, 'the issuer has published the key')
  return verify(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
}

for (const { algorithm, kid, hash, bytes } of [
  { algorithm: 'ES384', kid: 'EC384_0', hash: 'sha384', bytes: 96 },
  { algorithm: 'RS256', kid: 'RSA_0', hash: 'sha256', bytes: 256 },
]) {
  test(`a token in ${algorithm} is signed with the key that the issuer publishes`, async () => {
    const requestedAt = Date.now()
    const { WebIdentityToken: token, Expiration } = await stsServer.ask(stsServer.startSession('plain'), {
      SigningAlgorithm: algorithm,
    })
    assert.ok(isGenuine(token, hash))
    const { header, claims, signature } = read(token)
    assert.deepEqual(header, { kid, typ: 'JWT', alg: algorithm })
    assert.equal(Buffer.from(signature, 'base64url').length, bytes)
    assert.equal(Number(claims['exp']) - Number(claims['iat']), 300)
    const lifetime = ((Expiration?.getTime() ?? 0) - requestedAt) / 1_000
    assert.ok(lifetime > 299 && lifetime < 310, String(lifetime))
  })
}

test('a token says who asked: the role with its path, its account, its session, and what the caller adds', async () => {
  const session = stsServer.startSession('tagger', { tags: { cost: 'a' }, inFunction: true })
  const { WebIdentityToken: token } = await stsServer.ask(session, {
    Tags: [
      { Key: 'job', Value: '1' },
      { Key: 'aws:kept', Value: 'too' },
    ],
  })
  const { jti, iat, exp, ...claims } = read(token).claims
  assert.match(String(jti), /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/)
  assert.ok(Number(iat) < Number(exp))
  assert.deepEqual(claims, {
    aud: audience,
    sub: `arn:aws:iam::${account}:role/team/tagger`,
    iss: issuerOf(account),
    'https://sts.amazonaws.com/': {
      aws_account: account,
      source_region: region,
      principal_id: `arn:aws:iam::${account}:role/team/tagger`,
      principal_tags: { team: 'roles', cost: 'a' },
      request_tags: { job: '1', 'aws:kept': 'too' },
      original_session_exp: session.expiration.toISOString().replace('.000', ''),
      lambda_source_function_arn: functionArn,
      source_identity: 'alice',
    },
  })
})

test('an IAM user has a token as well, which speaks of no session', async () => {
  const arn = `arn:aws:iam::${account}:user/team/alice`
  const user = stsServer.keyRing.createUserKey({
    type: 'User',
    accountId: account,
    arn,
    principalArn: arn,
    userId: 'AIDAEXAMPLE',
    identityPolicies: [{ name: 'own', document: { Version: '2012-10-17', Statement: [allow('sts:*')] } }],
  })
  const { WebIdentityToken: token } = await stsServer.ask(user)
  const { sub, 'https://sts.amazonaws.com/': custom } = read(token).claims
  assert.equal(sub, arn)
  assert.deepEqual(custom, { aws_account: account, source_region: region, principal_id: arn })
})

test('several audiences stay a list, the same one twice among them', async () => {
  const { WebIdentityToken: token } = await stsServer.ask(stsServer.startSession('plain'), {
    Audience: ['one', 'two', 'one'],
  })
  assert.deepEqual(read(token).claims['aud'], ['one', 'two', 'one'])
})

test('an issuer is one for each account, of the form that Snowflake asks for, and the same in every run', () => {
  assert.match(issuerOf(account), /^https:\/\/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tokens\.sts\.global\.api\.aws$/)
  assert.notEqual(issuerOf(account), issuerOf(without))
  assert.equal(issuerOf(account), 'https://227bdff5-6d86-4bef-8a3a-5e47813b9e71.tokens.sts.global.api.aws')
  assert.deepEqual(createTokenIssuers().findKeys(issuerOf(account)), [])
})

for (const { claim, as, input } of [
  { claim: 'the resource self', as: 'scoped', input: { Tags: [{ Key: 'team', Value: 'data' }] } },
  { claim: 'audience, algorithm and the default duration in conditions', as: 'bound', input: {} },
  { claim: 'the longest duration', as: 'plain', input: { DurationSeconds: 3_590 } },
  { claim: 'the shortest duration', as: 'plain', input: { DurationSeconds: 60 } },
  { claim: 'the tags that are allowed', as: 'teamTagger', input: { Tags: [{ Key: 'team', Value: 'data' }] } },
  { claim: 'an audience that is no URL', as: 'plain', input: { Audience: [' '] } },
]) {
  test(`${claim} lets a token be had`, async () => {
    const { WebIdentityToken: token } = await stsServer.ask(stsServer.startSession(as), input)
    assert.ok(isGenuine(token, 'sha384'))
  })
}

const session = (name: string) => `arn:aws:sts::${account}:assumed-role/${name}/a-session`
const notAuthorized = (name: string, action: string, why: string) =>
  `User: ${session(name)} is not authorized to perform: ${action} on resource: ${self}${why}`
const silent = (action: string) => ` because no identity-based policy allows the ${action} action`
const violation = (value: string, member: string, must: string) =>
  `1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: Member must ${must}`
const notSupported =
  'Requested SigningAlgorithm is not supported. See the GetWebIdentityToken documentation for supported algorithms'

interface RejectionCase {
  readonly claim: string
  readonly as?: string
  readonly accountId?: string
  readonly seconds?: number
  readonly input?: Partial<GetWebIdentityTokenCommandInput>
  readonly status: number
  readonly code: string
  readonly message: string
}

const denial = (as: string, why: string, action = 'sts:GetWebIdentityToken') => ({
  as,
  status: 403,
  code: 'AccessDenied',
  message: notAuthorized(as, action, why),
})
const get = 'sts:GetWebIdentityToken'
const tag = 'sts:TagGetWebIdentityToken'
const invalid = (message: string) => ({ status: 400, code: 'ValidationError', message })
const tags = (count: number, value = 'v') => Array.from({ length: count }, (_, at) => ({ Key: `${at}`, Value: value }))

const cases: readonly RejectionCase[] = [
  { claim: 'a role without the permission', ...denial('nobody', silent(get)) },
  { claim: 'a permission on the role itself', ...denial('elsewhere', silent(get)) },
  { claim: 'an explicit deny', ...denial('denied', ' with an explicit deny in an identity-based policy') },
  { claim: 'another audience than the policy wants', input: { Audience: ['other'] }, ...denial('bound', silent(get)) },
  {
    claim: 'an audience more than the policy wants',
    input: { Audience: [audience, 'other'] },
    ...denial('bound', silent(get)),
  },
  {
    claim: 'another algorithm than the policy wants',
    input: { SigningAlgorithm: 'RS256' },
    ...denial('bound', silent(get)),
  },
  {
    claim: 'another duration than the policy wants',
    input: { DurationSeconds: 301 },
    ...denial('bound', silent(get)),
  },
  {
    claim: 'tags without the permission for tags',
    input: { Tags: tags(1) },
    ...denial('plain', silent(tag), tag),
  },
  {
    claim: 'another value of the tag than the policy wants',
    input: { Tags: [{ Key: 'team', Value: 'other' }] },
    ...denial('teamTagger', silent(tag), tag),
  },
  {
    claim: 'a tag that the policy does not name',
    input: { Tags: [{ Key: 'extra', Value: 'data' }] },
    ...denial('teamTagger', silent(tag), tag),
  },
  {
    claim: 'an account without outbound federation',
    accountId: without,
    status: 403,
    code: 'OutboundWebIdentityFederationDisabledException',
    message: 'OutboundWebIdentityFederation is disabled.',
  },
  {
    claim: 'a token that would outlive the session, in an account without outbound federation',
    accountId: without,
    seconds: 900,
    input: { DurationSeconds: 3_600 },
    status: 403,
    code: 'SessionDurationEscalationException',
    message: "Requested token expiry time must be before the original session's expiry time.",
  },
  {
    claim: 'no permission, in an account without outbound federation',
    as: 'nobody',
    accountId: without,
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized('nobody', get, silent(get)).replaceAll(account, without),
  },
  ...['RS384', 'ES256', 'HS256', 'rs256'].map((name) => ({
    claim: `the algorithm ${name}`,
    input: { SigningAlgorithm: name },
    ...invalid(notSupported),
  })),
  {
    claim: 'no name of an algorithm',
    input: { SigningAlgorithm: '' },
    ...invalid(violation("''", 'signingAlgorithm', 'have length greater than or equal to 5')),
  },
  {
    claim: 'a name of an algorithm that is too short',
    input: { SigningAlgorithm: 'none' },
    ...invalid(violation("'none'", 'signingAlgorithm', 'have length greater than or equal to 5')),
  },
  {
    claim: 'a name of an algorithm that is too long',
    input: { SigningAlgorithm: 'RS256x' },
    ...invalid(violation("'RS256x'", 'signingAlgorithm', 'have length less than or equal to 5')),
  },
  {
    claim: 'no algorithm',
    input: { SigningAlgorithm: undefined },
    ...invalid(violation('null', 'signingAlgorithm', 'not be null')),
  },
  { claim: 'no audience', input: { Audience: undefined }, ...invalid(violation('null', 'audience', 'not be null')) },
  {
    claim: 'an audience without a letter',
    input: { Audience: [''] },
    ...invalid(
      violation(
        "'[]'",
        'audience',
        'satisfy constraint: [Member must have length less than or equal to 1000, Member must have length greater than or equal to 1]',
      ),
    ),
  },
  {
    claim: 'eleven audiences',
    input: { Audience: [...'0123456789', '10'] },
    ...invalid(violation("'[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]'", 'audience', 'have length less than or equal to 10')),
  },
  {
    claim: 'a duration under a minute',
    input: { DurationSeconds: 59 },
    ...invalid(violation("'59'", 'durationSeconds', 'have value greater than or equal to 60')),
  },
  {
    claim: 'a duration beyond an hour',
    input: { DurationSeconds: 3_601 },
    ...invalid(violation("'3601'", 'durationSeconds', 'have value less than or equal to 3600')),
  },
  {
    claim: 'tags whose keys differ in case alone',
    input: {
      Tags: [
        { Key: 'team', Value: 'a' },
        { Key: 'TEAM', Value: 'b' },
      ],
    },
    status: 400,
    code: 'InvalidParameterValue',
    message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  },
  {
    claim: 'a tag with a key of other characters',
    input: { Tags: [{ Key: '<team>', Value: 'a' }] },
    ...invalid(
      violation("'<team>'", 'tags.1.member.key', 'satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+'),
    ),
  },
  {
    claim: 'a tag without a key',
    input: { Tags: [{ Key: '', Value: 'a' }] },
    ...invalid(
      "2 validation errors detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+",
    ),
  },
  {
    claim: 'a value of 257 characters',
    input: { Tags: [{ Key: 'team', Value: 'v'.repeat(257) }] },
    ...invalid(violation(`'${'v'.repeat(257)}'`, 'tags.1.member.value', 'have length less than or equal to 256')),
  },
  {
    claim: '51 tags',
    input: { Tags: tags(51) },
    ...invalid(
      violation(
        `'[${tags(51)
          .map(({ Key, Value }) => `Tag(key=${Key}, value=${Value})`)
          .join(', ')}]'`,
        'tags',
        'have length less than or equal to 50',
      ),
    ),
  },
  {
    claim: 'claims of more than 14,984 bytes, whose words are ours',
    as: 'tagger',
    input: { Audience: Array.from({ length: 10 }, () => 'a'.repeat(1_000)), Tags: tags(50, 'v'.repeat(256)) },
    status: 400,
    code: 'JWTPayloadSizeExceededException',
    message: 'The requested token payload size exceeds the maximum allowed size.',
  },
]

for (const { claim, as = 'plain', accountId = account, seconds = 3_600, input, status, code, message } of cases) {
  test(`${claim} is rejected with ${status} ${code}`, async () => {
    await assert.rejects(
      stsServer.ask(stsServer.startSession(as, { accountId, seconds }), input),
      (error: { name: string; message: string; $metadata: { httpStatusCode?: number } }) => {
        assert.deepEqual(
          { status: error.$metadata.httpStatusCode, code: error.name, message: error.message },
          { status, code, message },
        )
        return true
      },
    )
    assert.equal(stsServer.entries.at(-1)?.outcome, 'rejected')
  })
}

test('a wrong secret has no token', async () => {
  await assert.rejects(stsServer.ask({ ...stsServer.startSession('plain'), secretAccessKey: 'guessed' }), {
    name: 'SignatureDoesNotMatch',
  })
})

test('the log tells the way of a rejection, and holds no token', async () => {
  const { WebIdentityToken: token = '-' } = await stsServer.ask(stsServer.startSession('plain'))
  const [, claims = '-'] = token.split('.')
  assert.ok(!JSON.stringify(stsServer.entries).includes(claims))
  const { steps = [], request } = stsServer.entries.at(-1) ?? {}
  assert.equal(request, 'GetWebIdentityToken')
  assert.ok(steps.some(({ check, outcome }) => check === 'identity-based policy' && outcome === 'passed'))
})
