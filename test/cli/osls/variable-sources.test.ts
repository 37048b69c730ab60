import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readsOtherSources } from '../../../cli/osls/variable-sources.ts'

const shipped = readFileSync(join(import.meta.dirname, '..', '..', '..', 'serverless.yml'), 'utf8')

test('what is shipped takes its values from the flags, from itself and from infra', () => {
  assert.equal(readsOtherSources(shipped), false)
})

const lines: readonly (readonly [string, boolean])[] = [
  ['memorySize: ${env:MEMORY}', true],
  ['memorySize: ${env:MEMORY, 512}', true],
  ["memorySize: ${opt:stage, env:STAGE, 'dev'}", true],
  ['key: ${ssm:/path/to/secret}', true],
  ['key: ${cf:other.Output}', true],
  ['account: ${aws:accountId}', true],
  ['id: ${sls:instanceId}', true],
  ['memorySize: ${opt:memory}', true],
  ['custom: ${file(other.yml)}', true],
  ['custom: ${file(./local/other.cjs):key}', true],
  ['custom: ${param:size}', true],
  ['  - ./plugins/own.cjs', true],
  ['stage: ${sls:stage}', false],
  ["region: ${opt:region, 'eu-west-1'}", false],
  ['name: ${self:service}-x', false],
  ['custom: ${file(infra/template/derive-template.cjs)}', false],
  ['arn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root', false],
  ['arn: !Sub ${HelloLambdaFunction.Arn}', false],
]

for (const [line, reads] of lines) {
  test(`${line.trim()} ${reads ? 'may change while the sources stay' : 'changes with the sources alone'}`, () => {
    assert.equal(readsOtherSources(`${shipped}\n${line}\n`), reads)
  })
}
