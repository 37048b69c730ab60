import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AccessMapError, parseAccessMap, stageOf } from '../../../shared/access/index.ts'
import { parseLoginVariables, toLoginVariables } from '../../../shared/snowflake/index.ts'

const mapWith = (snowflake: string) => `dev:
  callers: { one: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /snowflake-probe] } }
  snowflake: ${snowflake}
`
const loginOf = (snowflake: string) => stageOf(parseAccessMap(mapWith(snowflake)), 'dev').snowflake

const accepted: readonly { readonly title: string; readonly yaml: string; readonly login: unknown }[] = [
  {
    title: 'account and login are enough for workload identity',
    yaml: '{ account: myorg-myaccount, login: workload-identity }',
    login: { account: 'myorg-myaccount', user: 'SNOWGATE_DEV_PROBE', login: 'workload-identity' },
  },
  {
    title: 'account and login are enough for a key pair, whose parameters get names of the stage',
    yaml: '{ account: myorg-myaccount, login: key-pair }',
    login: {
      account: 'myorg-myaccount',
      user: 'SNOWGATE_DEV_PROBE',
      login: 'key-pair',
      privateKey: '/snowgate/dev/snowflake/private-key',
      passphrase: '/snowgate/dev/snowflake/passphrase',
    },
  },
  {
    title: 'names are in upper case, as SQL resolves them',
    yaml: '{ account: xy12345.eu-central-1, login: workload-identity, user: svc_probe, role: reader, warehouse: small }',
    login: {
      account: 'xy12345.eu-central-1',
      user: 'SVC_PROBE',
      role: 'READER',
      warehouse: 'SMALL',
      login: 'workload-identity',
    },
  },
  {
    title: 'a token, and roles to impersonate',
    yaml: '{ account: a-b, login: workload-identity, webIdentityToken: true, impersonate: ["arn:aws:iam::333333333333:role/X", "arn:aws:iam::333333333333:role/Y"] }',
    login: {
      account: 'a-b',
      user: 'SNOWGATE_DEV_PROBE',
      login: 'workload-identity',
      webIdentityToken: true,
      impersonate: ['arn:aws:iam::333333333333:role/X', 'arn:aws:iam::333333333333:role/Y'],
    },
  },
]

for (const { title, yaml, login } of accepted) {
  test(`accepted: ${title}`, () => assert.deepEqual(loginOf(yaml), login))
}

for (const { title, yaml } of accepted) {
  test(`a function reads the login back from its variables: ${title}`, () => {
    const login = loginOf(yaml)
    assert.ok(login)
    const { url, ...read } = parseLoginVariables(toLoginVariables(login, 'eu-central-1'))
    assert.deepEqual(read, login)
    assert.equal(url, `https://${login.account}.snowflakecomputing.com`)
  })
}

const rejected: readonly { readonly yaml: string; readonly message: string }[] = [
  {
    yaml: '{ login: workload-identity }',
    message:
      'access.yml:3:3  dev.snowflake.account: this is missing: write the identifier of the Snowflake account, such as myorg-myaccount',
  },
  {
    yaml: '{ account: https://a-b.snowflakecomputing.com, login: workload-identity }',
    message:
      'access.yml:3:16  dev.snowflake.account: this is a host or a URL: write the part before .snowflakecomputing.com',
  },
  {
    yaml: '{ account: a-b, login: password }',
    message: 'access.yml:3:30  dev.snowflake.login: the value is "password": write workload-identity or key-pair',
  },
  {
    yaml: '{ account: a-b, login: workload-identity, privateKey: /a/b }',
    message: 'access.yml:3:56  dev.snowflake.privateKey: this key requires login: key-pair: remove it, or change login',
  },
  {
    yaml: '{ account: a-b, login: key-pair, privateKey: a/b, kmsKeyArn: "alias/mine" }',
    message: [
      'access.yml:3:47  dev.snowflake.privateKey: a parameter name begins with a slash and has letters, digits and _.- between slashes: write for example /snowgate/dev/snowflake/private-key',
      'access.yml:3:64  dev.snowflake.kmsKeyArn: this is not a KMS key ARN: write arn:aws:kms:<region>:<account>:key/<id>; a policy cannot allow an alias',
    ].join('\n'),
  },
  {
    yaml: '{ account: a-b, login: key-pair, secret: x }',
    message:
      'access.yml:3:47  dev.snowflake.secret: unknown key: remove it; valid keys are account, login, user, role, warehouse, webIdentityToken, impersonate, privateKey, passphrase, kmsKeyArn',
  },
]

for (const { yaml, message } of rejected) {
  test(`rejected with line and column: ${yaml}`, () => {
    assert.throws(
      () => loginOf(yaml),
      (error) => {
        assert.ok(error instanceof AccessMapError)
        assert.equal(error.message, message)
        return true
      },
    )
  })
}
