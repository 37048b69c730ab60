import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { changesOf, renderChanges } from '../../cli/deploy/access-changes.ts'
import { stageOfTemplate } from '../../cli/deploy/deployed-stage.ts'
import { parseAccessMap, stageDocument, stageDocumentKey, stageOf } from '../../shared/access/index.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8')

const stage = (callers: string) => {
  const document = stageDocument(stageOf(parseAccessMap(`dev:\n  callers:\n${callers}`), 'dev'))
  const found = stageOfTemplate({ Metadata: { [stageDocumentKey]: document } })
  return typeof found === 'string' ? assert.fail(found) : found
}

test('the page shows access changes as the command prints them', () => {
  const before = stage(`    snowflake: {routes: [POST /hello]}
    reporting: {principals: ["arn:aws:iam::444444444444:role/ReportingRole"], direct: true, routes: [POST /hello]}
`)
  const after = stage(`    snowflake:
      iamUserArn: arn:aws:iam::999999999999:user/abcd-s-example
      externalIds: [ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9=]
      routes: [POST /hello]
`)
  const rendered = stripVTControlCharacters(renderChanges(changesOf(before, after)))
  assert.ok(page.includes(`):\n\n${rendered}`), rendered)
})

test('the page states the policy size limits of the code', () => {
  const limit = (file: string, name: string) => {
    const text = readFileSync(join(import.meta.dirname, '../../infra', file), 'utf8')
    return Number(new RegExp(`const ${name} = ([\\d_]+)`).exec(text)?.[1]?.replaceAll('_', '')).toLocaleString('en')
  }
  assert.ok(
    page.includes(`API Gateway's ${limit('template/resource-policy.ts', 'maxResourcePolicyLength')} characters`),
  )
  assert.ok(page.includes(`IAM's ${limit('template/caller-roles.ts', 'trustPolicyLimit')} of each trust policy`))
  assert.ok(
    page.includes(`Lambda's ${limit('template/target-permissions.ts', 'maxEnvironmentBytes')} bytes of variables`),
  )
})
