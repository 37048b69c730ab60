import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  describeUserSql,
  publicKeysOf,
  registerKey,
  setKeysSql,
  unsetKeySql,
} from '../../../cli/keypair/public-keys.ts'
import { StatementRejected } from '../../../cli/snowflake/snowflake-connection.ts'

test('both places are set by one statement, and the name of the user cannot leave its quotation marks', () => {
  assert.equal(
    setKeysSql('PROBE', { RSA_PUBLIC_KEY: 'new', RSA_PUBLIC_KEY_2: 'old' }),
    `ALTER USER "PROBE" SET RSA_PUBLIC_KEY = 'new' RSA_PUBLIC_KEY_2 = 'old';`,
  )
  assert.equal(setKeysSql('PROBE', { RSA_PUBLIC_KEY: 'new' }), `ALTER USER "PROBE" SET RSA_PUBLIC_KEY = 'new';`)
  assert.equal(unsetKeySql('A"B', 'RSA_PUBLIC_KEY_2'), 'ALTER USER "A""B" UNSET RSA_PUBLIC_KEY_2;')
  assert.equal(describeUserSql('PROBE'), 'DESC USER "PROBE";')
})

/** The columns as they come, and as the documentation has them. https://docs.snowflake.com/en/sql-reference/sql/desc-user */
const describeResults: readonly (readonly [columns: readonly string[], cells: (value: string) => readonly string[]])[] =
  [
    [['property', 'value', 'default', 'description'], (value) => [value, 'null', '']],
    [['property', 'property_type', 'property_value', 'property_default'], (value) => ['String', value, 'null']],
  ]

test('the fingerprints are read from either form of DESC USER, and what is not set is no key', async () => {
  for (const [columns, cells] of describeResults) {
    const rows = [
      ['NAME', ...cells('PROBE')],
      ['RSA_PUBLIC_KEY_FP', ...cells('SHA256:one=')],
      ['RSA_PUBLIC_KEY_2_FP', ...cells('null')],
    ]
    assert.deepEqual(await publicKeysOf(async () => ({ columns, rows }), 'PROBE'), { RSA_PUBLIC_KEY: 'SHA256:one=' })
  }
})

test('a missing user is reported with the statement that creates it', async () => {
  const reject = async () => {
    throw new StatementRejected("SQL compilation error:\nUser 'PROBE' does not exist or not authorized.", {
      code: '002003',
    })
  }
  await assert.rejects(publicKeysOf(reject, 'PROBE'), {
    message: /not authorized\.\nCreate the user first: CREATE USER "PROBE" TYPE = SERVICE; or run the output of/,
  })
})

test('a statement without effect is not a registration', async () => {
  const withoutEffect = async () => ({ columns: ['property', 'value'], rows: [['RSA_PUBLIC_KEY_FP', 'SHA256:other=']] })
  await assert.rejects(
    registerKey(withoutEffect, 'PROBE', { RSA_PUBLIC_KEY: 'body' }, 'SHA256:own='),
    /does not show SHA256:own=/,
  )
})
