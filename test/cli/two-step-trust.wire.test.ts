import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../infra/compile.ts'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { serviceMap } from '../service-map.ts'
import { runSnowgate } from './run-snowgate.ts'

interface IntegrationTrust {
  readonly iamUserArn: string
  readonly externalIds: readonly string[]
}

/** A map with one Snowflake caller, pending without a trust. */
const writeMap = async (trust?: IntegrationTrust): Promise<string> => {
  const path = join(await temporaryFolder(), 'access.yml')
  const opened = trust
    ? `      iamUserArn: ${trust.iamUserArn}\n      externalIds: [${trust.externalIds.map((id) => JSON.stringify(id)).join(', ')}]\n`
    : ''
  await writeFile(path, `dev:\n  callers:\n    snowflake:\n${opened}      routes: [POST /hello, GET /hello]\n`)
  return path
}

/** The stack from that map, with the shipped SQL run in its Snowflake as a person would. */
const startAndSetUp = async (accessMap: string) => {
  const stack = await runningStack({ accessMap })
  const script = await runSnowgate(['setup', 'sql', '--access', accessMap, '--stack', stack.url])
  assert.deepEqual([script.code, script.stderr], [0, ''])
  const ran = await runSnowgate(['sql', '--json', '--stack', stack.url], { stdin: script.stdout })
  assert.deepEqual([ran.code, ran.stderr], [0, ''])
  return { stack, integrations: describedIn(ran.stdout) }
}

/** What the DESC statements at the end of the script show, by the suffix of the property, as documented. */
const describedIn = (json: string): readonly { readonly iamUserArn: string; readonly externalId: string }[] => {
  const { results }: { results: { columns: { name: string }[]; rows: string[][] }[] } = JSON.parse(json)
  return results.flatMap(({ columns, rows }) => {
    const named = columns.findIndex(({ name }) => name === 'property')
    const valued = columns.findIndex(({ name }) => name === 'property_value')
    const value = (suffix: string) => rows.find((row) => row[named]?.endsWith(suffix))?.[valued] ?? ''
    return named < 0 ? [] : [{ iamUserArn: value('_AWS_IAM_USER_ARN'), externalId: value('_AWS_EXTERNAL_ID') }]
  })
}

const callHello = (stack: RunningStack) =>
  runSnowgate([
    'sql',
    '--stack',
    stack.url,
    `SELECT snowgate.dev.hello(name) AS greeting FROM (VALUES ('Alice'),('Bob')) AS t(name)`,
  ])

const notAssumed = /Error assuming AWS_ROLE\. Please verify the role and externalId are configured correctly/

test('two steps lead from a pending caller role to a successful call; the id of another integration is rejected', async () => {
  const pending = await startAndSetUp(await writeMap())
  const rejected = await callHello(pending.stack)
  assert.equal(rejected.code, 1)
  assert.match(rejected.stderr, notAssumed)
  await pending.stack.stop()

  const [external, access] = pending.integrations
  assert.ok(external && access, 'the script describes both integrations')
  assert.notEqual(external.externalId, access.externalId)
  const { iamUserArn } = external

  const open = await startAndSetUp(await writeMap({ iamUserArn, externalIds: [external.externalId] }))
  assert.deepEqual(open.integrations, pending.integrations, 'what step two wrote down is still right after a restart')
  const response = await callHello(open.stack)
  assert.deepEqual([response.code, response.stderr], [0, ''])
  assert.equal(response.stdout, 'GREETING\n──────────────\n"Hello, Alice"\n"Hello, Bob"\n2 rows\n')
  await open.stack.stop()

  const mixedUp = await startAndSetUp(await writeMap({ iamUserArn, externalIds: [access.externalId] }))
  const denied = await callHello(mixedUp.stack)
  assert.equal(denied.code, 1)
  assert.match(denied.stderr, notAssumed)
  await mixedUp.stack.stop()
})

test('a map with the IAM user of another Snowflake account makes the stack imitate that account', async () => {
  const accessMap = await writeMap({
    iamUserArn: 'arn:aws:iam::888888888888:user/wxyz-s-yours',
    externalIds: ['YOURS_SFCRole=4_first=', 'YOURS_SFCRole=4_second='],
  })
  const { stack, integrations } = await startAndSetUp(accessMap)
  assert.deepEqual(integrations, [
    { iamUserArn: 'arn:aws:iam::888888888888:user/wxyz-s-yours', externalId: 'YOURS_SFCRole=4_first=' },
    { iamUserArn: 'arn:aws:iam::888888888888:user/wxyz-s-yours', externalId: 'YOURS_SFCRole=4_second=' },
  ])
  const response = await callHello(stack)
  assert.deepEqual([response.code, response.stderr], [0, ''])
  await stack.stop()
})

test('the shipped map trusts the local Snowflake from the start', async () => {
  const { stack } = await startAndSetUp(serviceMap)
  const response = await callHello(stack)
  assert.deepEqual([response.code, response.stderr], [0, ''])
  await stack.stop()
})
