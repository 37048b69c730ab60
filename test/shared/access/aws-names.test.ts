import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  callerRoleName,
  executionRoleName,
  isPending,
  lambdaFunctionName,
  parseAccessMap,
  parseArn,
  partitionOf,
  roleArn,
  routesOf,
  routeTable,
  routeText,
  stageOf,
  trustedPrincipals,
} from '../../../shared/access/index.ts'

const partitions: readonly (readonly [string, string])[] = [
  ['eu-central-1', 'aws'],
  ['us-east-1', 'aws'],
  ['ap-northeast-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-gov-east-1', 'aws-us-gov'],
]

for (const [region, partition] of partitions) {
  test(`${region} is in ${partition}`, () => assert.equal(partitionOf(region), partition))
}

test('an execution role is named after its function, a caller role after its caller', () => {
  assert.equal(lambdaFunctionName('dev', 'hello'), 'snowgate-dev-hello')
  assert.equal(executionRoleName('dev', 'hello'), 'snowgate-dev-hello-function')
  assert.equal(callerRoleName('dev', 'analytics'), 'snowgate-dev-analytics')
  assert.equal(roleArn('aws-cn', '111111111111', 'One'), 'arn:aws-cn:iam::111111111111:role/One')
})

test('the name of every execution role has at most 64 characters in the longest possible stage', () => {
  for (const { functionName } of routeTable) assert.ok(executionRoleName('s'.repeat(16), functionName).length <= 64)
})

test('every row of the route table has a handler', () => {
  const functions = join(import.meta.dirname, '..', '..', '..', 'functions')
  for (const { functionName } of routeTable) assert.ok(existsSync(join(functions, functionName, 'handler.ts')))
})

test('parseArn returns partition and account', () => {
  assert.deepEqual(parseArn('arn:aws-us-gov:iam::222222222222:role/team/One'), {
    partition: 'aws-us-gov',
    accountId: '222222222222',
  })
})

const stage = stageOf(
  parseAccessMap(`dev:
  callers:
    snowflake: { iamUserArn: "arn:aws:iam::999999999999:user/u", externalIds: [ab], routes: [GET /hello, POST /hello] }
    pending: { routes: [POST /hello] }
    account: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /hello, INVOKE /hello] }
    direct: { principals: ["arn:aws:iam::222222222222:role/Two"], direct: true, routes: [GET /hello] }
`),
  'dev',
)

test('the routes of a stage are those of all its callers, without duplicates', () => {
  assert.deepEqual(routesOf(stage).map(routeText), ['GET /hello', 'POST /hello', 'INVOKE /hello'])
})

test('a caller role trusts the Snowflake user or the principals, and no principal while it is pending', () => {
  const trusted = [...stage.callers].map(([name, caller]) => [name, isPending(caller), trustedPrincipals(caller)])
  assert.deepEqual(trusted, [
    ['snowflake', false, ['arn:aws:iam::999999999999:user/u']],
    ['pending', true, []],
    ['account', false, ['arn:aws:iam::222222222222:role/One']],
    ['direct', false, []],
  ])
})

for (const name of ['nope', '__proto__', 'constructor', '']) {
  test(`a missing stage ${JSON.stringify(name)} is an error that lists the existing ones`, () => {
    assert.throws(() => stageOf(new Map([['dev', stage]]), name), {
      name: 'AccessMapError',
      message: `the access map has no stage ${JSON.stringify(name)}: its stages are dev`,
    })
  })
}
