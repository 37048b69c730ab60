import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseIntegrationDescription } from '../../../cli/setup/parse-integration-description.ts'

const arn = 'arn:aws:iam::999999999999:user/abcd-s-example'
const [one, two] = [
  'ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=',
  'ABC12345_SFCRole=1_QCBmNzZB83hSyss9gj1/HZeV+jq=',
]
const trust = { iamUserArn: arn, externalIds: [one, two] }

const tabs = (id: string, prefix = 'API') => `ENABLED\tBoolean\ttrue\tfalse
API_ALLOWED_PREFIXES\tList\thttps://abc123.execute-api.eu-central-1.amazonaws.com/dev/\t[]
${prefix}_AWS_IAM_USER_ARN\tString\t${arn}\t
API_AWS_ROLE_ARN\tString\tarn:aws:iam::111111111111:role/snowgate-dev-snowflake\t
${prefix}_AWS_EXTERNAL_ID\tString\t${id}\t
`

const pipes = (id: string, rule = '|----------------------+---------------+------|') => `+----------------------------+
| property | property_type | property_value | property_default |
${rule}
| ENABLED | Boolean | true | false |
| API_AWS_IAM_USER_ARN | String | ${arn} | |
| API_AWS_EXTERNAL_ID | String | ${id} | |
+----------------------------+
`

const csv = (id: string) => `property,property_type,property_value,property_default
API_AWS_EXTERNAL_ID,String,${id},
API_AWS_IAM_USER_ARN,String,${arn},
COMMENT,String,"a, b",
`

const json = (id: string) =>
  JSON.stringify(
    [
      { property: 'ENABLED', property_type: 'Boolean', property_value: 'true', property_default: 'false' },
      { property: 'API_AWS_IAM_USER_ARN', property_type: 'String', property_value: arn, property_default: '' },
      { property: 'API_AWS_EXTERNAL_ID', property_type: 'String', property_value: id, property_default: '' },
    ],
    null,
    2,
  )

const wrapped = `
+------------------------------------------------------------------------------+
| property         | property_type | property_value           | property_def… |
|------------------+---------------+--------------------------+---------------|
| API_AWS_IAM_USER | String        | arn:aws:iam::99999999999 |               |
| _ARN             |               | 9:user/abcd-s-example    |               |
| API_AWS_EXTERNAL | String        | ABC12345_SFCRole=1_OueZK |               |
| _ID              |               | OG624lkPL8fP8W27w42ks9=  |               |
+------------------------------------------------------------------------------+
`

const shapes: readonly (readonly [claim: string, pasted: string])[] = [
  ['the grid of Snowsight, copied with tabs', tabs(one) + tabs(two)],
  ['with its header, and empty lines between', `property\tproperty_type\tproperty_value\n${tabs(one)}\n\n${tabs(two)}`],
  ['with the properties of another page of the documentation', tabs(one) + tabs(two, 'STORAGE')],
  ['line ends of Windows', (tabs(one) + tabs(two)).replaceAll('\n', '\r\n')],
  [
    'tables of snow, with the statements before them',
    `DESC INTEGRATION "A";\n${pipes(one)}\nDESC INTEGRATION "B";\n${pipes(two)}`,
  ],
  ['tables of snow whose cells a narrow terminal broke', wrapped + pipes(two)],
  ['tables of snowsql', `${pipes(one, '+---+---+---+---+')}9 Row(s) produced. Time Elapsed: 0.321s\n${pipes(two)}`],
  [
    'tables of snowgate sql',
    (pipes(one) + pipes(two)).replaceAll('|', '│').replaceAll('-', '─').replaceAll('abcd─s─example', 'abcd-s-example'),
  ],
  ['CSV', csv(one) + csv(two)],
  [
    'CSV in quotation marks',
    (csv(one) + csv(two)).replaceAll(/[^,\n]+(?=[,\n])/g, (cell) =>
      cell.startsWith('"') || cell.startsWith(' ') ? cell : `"${cell}"`,
    ),
  ],
  ['JSON of snow, one after the other', `${json(one)}\n${json(two)}\n`],
  ['JSON in one list', `[${json(one)},${json(two)}]`],
  [
    'JSON of snowgate sql',
    JSON.stringify({
      results: [one, two].map((id) => ({
        columns: [{ name: 'property', type: 'VARCHAR' }],
        rows: [
          ['API_AWS_IAM_USER_ARN', 'String', arn, ''],
          ['API_AWS_EXTERNAL_ID', 'String', id, null],
        ],
      })),
    }),
  ],
  ['two different formats', `${csv(one)}\n${pipes(two)}`],
  [
    'the three rows that matter, written down by hand',
    `API_AWS_IAM_USER_ARN: ${arn}\nAPI_AWS_EXTERNAL_ID = "${one}"\nAPI_AWS_EXTERNAL_ID  ${two}`,
  ],
]

for (const [claim, pasted] of shapes) {
  test(claim, () => assert.deepEqual(parseIntegrationDescription(pasted, 2), { trust }))
}

test('in whatever order the rows come', () => {
  const rows = (tabs(two) + tabs(one)).trim().split('\n').toReversed().join('\n')
  assert.deepEqual(parseIntegrationDescription(rows, 2), { trust })
})

test('one integration, where the caller has one connection method', () => {
  assert.deepEqual(parseIntegrationDescription(pipes(one), 1), { trust: { iamUserArn: arn, externalIds: [one] } })
})

const faults: readonly (readonly [claim: string, pasted: string, message: RegExp])[] = [
  ['nothing', '', /The row …_AWS_IAM_USER_ARN is missing/],
  ['something else', 'Statement executed successfully.', /The row …_AWS_IAM_USER_ARN is missing/],
  ['truncated JSON', json(one).slice(0, 40), /The row …_AWS_IAM_USER_ARN is missing/],
  [
    'one integration of two',
    tabs(one),
    /Only external id ABC12345_SFCRole=1_Oue\S+ found\. Each of the 2 integrations/,
  ],
  ['the same integration twice', tabs(one) + tabs(one), /Only external id/],
  ['no external id', `API_AWS_IAM_USER_ARN\tString\t${arn}\t`, /No external id found/],
  ['a role instead of a user', tabs(one).replace(arn, 'arn:aws:iam::111111111111:role/r'), /is not an IAM user ARN/],
  [
    'two IAM users',
    tabs(one) + tabs(two).replace('abcd-s-example', 'other'),
    /different IAM users, \S+ and \S+user\/other.*second caller/,
  ],
  ['a value with a blank in it', tabs(one).replace(arn, `${arn} x`), /is incomplete/],
]

for (const [claim, pasted, message] of faults) {
  test(`rejected: ${claim}`, () => {
    const read = parseIntegrationDescription(pasted, 2)
    assert.match('problem' in read ? read.problem : JSON.stringify(read), message)
  })
}
