import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeUser, publicKeysOf, register, setKeys, unsetKey } from '../../../cli/keypair/public-keys.ts'
import { StatementRefused } from '../../../cli/snowflake-connection/index.ts'

test('both places are set by one statement, and the name of the user cannot leave its quotation marks', () => {
  assert.equal(
    setKeys('PROBE', { RSA_PUBLIC_KEY: 'new', RSA_PUBLIC_KEY_2: 'old' }),
    `ALTER USER "PROBE" SET RSA_PUBLIC_KEY = 'new' RSA_PUBLIC_KEY_2 = 'old';`,
  )
  assert.equal(setKeys('PROBE', { RSA_PUBLIC_KEY: 'new' }), `ALTER USER "PROBE" SET RSA_PUBLIC_KEY = 'new';`)
  assert.equal(unsetKey('A"B', 'RSA_PUBLIC_KEY_2'), 'ALTER USER "A""B" UNSET RSA_PUBLIC_KEY_2;')
  assert.equal(describeUser('PROBE'), 'DESC USER "PROBE";')
})

/** The columns as they come, and as the documentation has them. https://docs.snowflake.com/en/sql-reference/sql/desc-user */
const shown: readonly (readonly [columns: readonly string[], cells: (value: string) => readonly string[]])[] = [
  [['property', 'value', 'default', 'description'], (value) => [value, 'null', '']],
  [['property', 'property_type', 'property_value', 'property_default'], (value) => ['String', value, 'null']],
]

test('the fingerprints are read from either form of DESC USER, and what is not set is no key', async () => {
  for (const [columns, cells] of shown) {
    const rows = [
      ['NAME', ...cells('PROBE')],
      ['RSA_PUBLIC_KEY_FP', ...cells('SHA256:one=')],
      ['RSA_PUBLIC_KEY_2_FP', ...cells('null')],
    ]
    assert.deepEqual(await publicKeysOf(async () => ({ columns, rows }), 'PROBE'), { RSA_PUBLIC_KEY: 'SHA256:one=' })
  }
})

test('a user that is not there is told with the statement that makes it', async () => {
  const refuse = async () => {
    throw new StatementRefused("SQL compilation error:\nUser 'PROBE' does not exist or not authorized.", {
      code: '002003',
    })
  }
  await assert.rejects(publicKeysOf(refuse, 'PROBE'), {
    message: /not authorized\.\nCreate the user first: CREATE USER "PROBE" TYPE = SERVICE; or what/,
  })
})

test('a statement that ran and had no effect is not taken for a registration', async () => {
  const deaf = async () => ({ columns: ['property', 'value'], rows: [['RSA_PUBLIC_KEY_FP', 'SHA256:other=']] })
  await assert.rejects(register(deaf, 'PROBE', { RSA_PUBLIC_KEY: 'body' }, 'SHA256:own='), /does not show SHA256:own=/)
})
