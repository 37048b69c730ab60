import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AccessMapError, parseAccessMap, stageOf } from '../../../shared/access/index.ts'
import { readLogin, writeLogin } from '../../../shared/snowflake/index.ts'

const mapWith = (snowflake: string) => `dev:
  callers: { one: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /snowflake-probe] } }
  snowflake: ${snowflake}
`
const loginOf = (snowflake: string) => stageOf(parseAccessMap(mapWith(snowflake)), 'dev').snowflake

const accepted: readonly { readonly title: string; readonly given: string; readonly login: unknown }[] = [
  {
    title: 'account and login are enough for workload identity',
    given: '{ account: myorg-myaccount, login: workload-identity }',
    login: { account: 'myorg-myaccount', user: 'SNOWGATE_DEV_PROBE', login: 'workload-identity' },
  },
  {
    title: 'and for a key pair, whose parameters have names of the stage',
    given: '{ account: myorg-myaccount, login: key-pair }',
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
    given:
      '{ account: xy12345.eu-central-1, login: workload-identity, user: svc_probe, role: reader, warehouse: small }',
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
    given:
      '{ account: a-b, login: workload-identity, webIdentityToken: true, impersonate: ["arn:aws:iam::333333333333:role/X", "arn:aws:iam::333333333333:role/Y"] }',
    login: {
      account: 'a-b',
      user: 'SNOWGATE_DEV_PROBE',
      login: 'workload-identity',
      webIdentityToken: true,
      impersonate: ['arn:aws:iam::333333333333:role/X', 'arn:aws:iam::333333333333:role/Y'],
    },
  },
]

for (const { title, given, login } of accepted) {
  test(`accepted: ${title}`, () => assert.deepEqual(loginOf(given), login))
}

for (const { title, given } of accepted) {
  test(`a function reads from its variables what the map said: ${title}`, () => {
    const login = loginOf(given)
    assert.ok(login)
    const { url, ...read } = readLogin(writeLogin(login, 'eu-central-1'))
    assert.deepEqual(read, login)
    assert.equal(url, `https://${login.account}.snowflakecomputing.com`)
  })
}

const refused: readonly { readonly given: string; readonly says: string }[] = [
  {
    given: '{ login: workload-identity }',
    says: 'access.yml:3:3  dev.snowflake.account: this is missing: write the identifier of the Snowflake account, such as myorg-myaccount',
  },
  {
    given: '{ account: https://a-b.snowflakecomputing.com, login: workload-identity }',
    says: 'access.yml:3:16  dev.snowflake.account: this is a host or a URL: write what stands before .snowflakecomputing.com',
  },
  {
    given: '{ account: a-b, login: password }',
    says: 'access.yml:3:30  dev.snowflake.login: the value is "password": write workload-identity or key-pair',
  },
  {
    given: '{ account: a-b, login: workload-identity, privateKey: /a/b }',
    says: 'access.yml:3:56  dev.snowflake.privateKey: this key requires login: key-pair: remove it, or change login',
  },
  {
    given: '{ account: a-b, login: key-pair, privateKey: a/b, kmsKeyArn: "alias/mine" }',
    says: [
      'access.yml:3:47  dev.snowflake.privateKey: the name of a parameter begins with a slash and has letters, digits and _.- between slashes: write for example /snowgate/dev/snowflake/private-key',
      'access.yml:3:64  dev.snowflake.kmsKeyArn: this is not the ARN of a key of KMS: write arn:aws:kms:<region>:<account>:key/<id>; an alias cannot be permitted by name',
    ].join('\n'),
  },
  {
    given: '{ account: a-b, login: key-pair, secret: x }',
    says: 'access.yml:3:47  dev.snowflake.secret: there is no such key: remove it; known are account, login, user, role, warehouse, webIdentityToken, impersonate, privateKey, passphrase, kmsKeyArn',
  },
]

for (const { given, says } of refused) {
  test(`refused with its place: ${given}`, () => {
    assert.throws(
      () => loginOf(given),
      (error) => {
        assert.ok(error instanceof AccessMapError)
        assert.equal(error.message, says)
        return true
      },
    )
  })
}
