import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountNames } from '../../../local/snowflake/account-names.ts'

const cases: readonly {
  readonly identifier: string | undefined
  readonly shown: readonly [locator: string, organization: string, name: string]
  readonly all: readonly string[]
}[] = [
  {
    identifier: undefined,
    shown: ['ABC12345', 'LOCAL', 'SNOWFLAKE'],
    all: ['ABC12345', 'SNOWFLAKE', 'LOCAL-SNOWFLAKE'],
  },
  {
    identifier: 'myorg-myaccount',
    shown: ['ABC12345', 'MYORG', 'MYACCOUNT'],
    all: ['ABC12345', 'SNOWFLAKE', 'MYORG-MYACCOUNT'],
  },
  // A host has hyphens where the name has underscores.
  {
    identifier: 'MyOrg-my_test_account',
    shown: ['ABC12345', 'MYORG', 'MY_TEST_ACCOUNT'],
    all: ['ABC12345', 'SNOWFLAKE', 'MYORG-MY_TEST_ACCOUNT', 'MYORG-MY-TEST-ACCOUNT'],
  },
  // Of a locator with its region the driver sends the first part.
  {
    identifier: 'xy12345.eu-central-1',
    shown: ['XY12345', 'LOCAL', 'SNOWFLAKE'],
    all: ['ABC12345', 'SNOWFLAKE', 'LOCAL-SNOWFLAKE', 'XY12345'],
  },
]

for (const { identifier, shown, all } of cases) {
  test(`an account of the identifier ${identifier} answers to ${all.join(', ')}`, () => {
    const names = accountNames('snowflake', identifier)
    assert.deepEqual([names.locator, names.organization, names.name], shown)
    assert.deepEqual(names.all, all)
  })
}
