import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { parseDeployedApi } from '../../../cli/deploy/deployed-api.ts'
import { serviceUserScript } from '../../../cli/setup/service-user-script.ts'
import { parseAccessMap } from '../../../shared/access/index.ts'
import { startEngineWithApi } from '../../local/snowflake/engine-with-api.ts'

const api = parseDeployedApi('https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/dev', '111111111111')
const issuer = 'https://0a1b2c3d-0000-4000-8000-0123456789ab.tokens.sts.global.api.aws'
const probeRole = 'arn:aws:iam::111111111111:role/snowgate-dev-snowflake-probe-function'

const loginOf = (keys: string) => {
  const map = parseAccessMap(
    `dev: {callers: {one: {principals: ['arn:aws:iam::222222222222:role/One'], routes: [POST /hello]}}, snowflake: {account: myorg-myaccount, ${keys}}}`,
  )
  const login = map.get('dev')?.snowflake
  assert.ok(login)
  return login
}
const scriptOf = (keys: string, more: { issuer?: string; api?: typeof api } = {}) =>
  serviceUserScript({ login: loginOf(keys), api, ...more })

const byRole = scriptOf('login: workload-identity')
const byKey = scriptOf('login: key-pair')

/** The statements, without the comments between them. */
const statementsOf = (script: string) => script.replaceAll(/^--.*\n?/gm, '')

for (const { method, script } of [
  { method: 'workload identity', script: byRole },
  { method: 'key pair', script: byKey },
]) {
  test(`the script for a ${method} runs twice, and creates one service user with its own role`, async () => {
    await using engine = await startEngineWithApi()
    await engine.run(script)
    const [before] = engine.snowflake.users()
    await engine.run(script)
    const [user, ...others] = engine.snowflake.users()
    assert.deepEqual(user, before)
    assert.deepEqual(others, [])
    assert.deepEqual([user?.name, user?.defaultRole], ['SNOWGATE_DEV_PROBE', 'SNOWGATE_DEV_PROBE_ROLE'])
    assert.deepEqual([...(user?.roles ?? [])], ['PUBLIC', 'SNOWGATE_DEV_PROBE_ROLE'])
    const properties = new Map(
      (await engine.rows('DESC USER snowgate_dev_probe')).map(([name, value]) => [name, value]),
    )
    assert.equal(properties.get('TYPE'), 'SERVICE')
    assert.equal(properties.get('HAS_WORKLOAD_IDENTITY'), String(method === 'workload identity'))
  })

  test(`the script for a ${method} grants the role to its user, and nothing to the role`, () => {
    assert.deepEqual(
      [...script.matchAll(/^GRANT .*$/gm)].map(([grant]) => grant),
      ['GRANT ROLE "SNOWGATE_DEV_PROBE_ROLE" TO USER "SNOWGATE_DEV_PROBE";'],
    )
    assert.doesNotMatch(statementsOf(script), /OR REPLACE|PASSWORD/)
  })

  // https://docs.snowflake.com/en/developer-guide/snowflake-cli/sql/execute-sql
  test(`the script for a ${method} has no template expressions of snow sql`, () => {
    assert.doesNotMatch(script, /[&]|<%|\{\{|\}\}/)
  })
}

test('role and warehouse of the access map are used, and the role may use the warehouse', async () => {
  await using engine = await startEngineWithApi()
  const script = scriptOf('login: workload-identity, user: my_user, role: my_role, warehouse: my_wh')
  await engine.run(script)
  const [user] = engine.snowflake.users()
  assert.deepEqual([user?.name, user?.defaultRole, user?.defaultWarehouse], ['MY_USER', 'MY_ROLE', 'MY_WH'])
  assert.match(script, /^GRANT USAGE ON WAREHOUSE "MY_WH" TO ROLE "MY_ROLE";$/m)
})

test('the last rows of the script for a role show the identity', async () => {
  await using engine = await startEngineWithApi()
  const results = await engine.run(byRole)
  assert.deepEqual(results.at(-1)?.rows, [
    [
      'SNOWGATE_DEV_PROBE',
      'AWS',
      'WORKLOAD_IDENTITY_FEDERATION_METHOD',
      '{"aws_partition":"aws","aws_account":"111111111111","type":"IAM_ROLE","iam_role":"snowgate-dev-snowflake-probe-function"}',
    ],
  ])
})

const team = 'arn:aws:iam::222222222222:role/team/snowflake/Login'
const identities: readonly {
  readonly claim: string
  readonly keys: string
  readonly issuer?: string
  readonly region?: string
  readonly arn: string
}[] = [
  { claim: 'the role of the function', keys: '', arn: probeRole },
  {
    claim: 'in its partition',
    keys: '',
    region: 'us-gov-west-1',
    arn: probeRole.replace('arn:aws:', 'arn:aws-us-gov:'),
  },
  {
    claim: 'the last role of the path, without a path of its own',
    keys: `, impersonate: ['arn:aws:iam::222222222222:role/First', '${team}']`,
    arn: 'arn:aws:iam::222222222222:role/Login',
  },
  { claim: 'with tokens, which need the issuer', keys: ', webIdentityToken: true', issuer, arn: probeRole },
  {
    claim: 'the last role, with its path, for tokens that have it',
    keys: `, webIdentityToken: true, impersonate: ['${team}']`,
    issuer,
    arn: team,
  },
]

for (const { claim, keys, issuer, region, arn } of identities) {
  test(`the workload identity is ${claim}`, async () => {
    const there = region
      ? parseDeployedApi(`https://a1b2c3d4e5.execute-api.${region}.amazonaws.com/dev`, '111111111111')
      : api
    const script = scriptOf(`login: workload-identity${keys}`, {
      api: there,
      ...(issuer !== undefined && { issuer }),
    })
    await using engine = await startEngineWithApi()
    await engine.run(script)
    const workloadIdentities = engine.snowflake.users()[0]?.workloadIdentities
    assert.deepEqual(
      workloadIdentities?.map(({ name, identity }) => [name, identity.arn, identity.issuer]),
      [['DEFAULT', arn, issuer]],
    )
  })
}

test('a key is rotated with the steps of the script, and there is always at least one', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(byKey)
  const newKey = () =>
    generateKeyPairSync('rsa', { modulusLength: 2_048 })
      .publicKey.export({ format: 'der', type: 'spki' })
      .toString('base64')
  const statements = [...byKey.matchAll(/ALTER USER .*?;/g)].map(([statement]) => statement)
  const keys = () => engine.snowflake.users()[0]?.publicKeys.length
  const counts: (number | undefined)[] = []
  for (const statement of statements) {
    await engine.run(statement.replace(/'<.*>'/, `'${newKey()}'`))
    counts.push(keys())
  }
  assert.deepEqual(counts, [1, 2, 1])
  assert.match(byKey, /npx snowgate keypair --stage dev$/m)
  assert.match(byKey, /\/snowgate\/dev\/snowflake\/private-key\. .*\/snowgate\/dev\/snowflake\/passphrase/)
})
