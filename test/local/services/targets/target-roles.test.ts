import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type NamedTarget, targetRoles } from '../../../../local/services/targets/index.ts'

const invokerRoleArn = 'arn:aws:iam::111111111111:role/snowgate-dev-invoke-function'
const arn = 'arn:aws:iam::333333333333:role/callers/Reader'
const graph: NamedTarget = {
  name: 'graph-1',
  url: 'https://db.cluster-x.eu-west-1.neptune.amazonaws.com:8182',
  service: 'neptune-db',
  region: 'eu-west-1',
  roleArn: arn,
  allow: ['GET /status'],
}
const api: NamedTarget = {
  ...graph,
  name: 'api',
  service: 'execute-api',
  url: 'https://a1.execute-api.eu-west-1.amazonaws.com',
}
const assumed = ['sts:AssumeRole', 'sts:SetSourceIdentity']

const rolesOf = (...targets: readonly NamedTarget[]) => targetRoles(targets, { trustedArns: [invokerRoleArn] })
const statementsOf = (target: NamedTarget) =>
  rolesOf(target).flatMap(({ identityPolicies }) =>
    identityPolicies.map(({ document }) => JSON.parse(JSON.stringify(document)).Statement),
  )

test('targets that share a role share one role, which trusts the invoker under each of their external ids', () => {
  const { roleArn: _, ...ownRole } = api
  const roles = rolesOf(
    { ...graph, externalId: 'a' },
    { ...api, externalId: 'b' },
    { ...graph, externalId: 'a' },
    ownRole,
  )
  assert.deepEqual(
    roles.map((role) => [role.name, role.path, role.arn, role.identityPolicies.length]),
    [['Reader', '/callers/', arn, 3]],
  )
  const trusted = (externalId: string) => ({
    Effect: 'Allow',
    Principal: { AWS: [invokerRoleArn] },
    Action: assumed,
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  })
  assert.deepEqual(roles[0]?.trustPolicy.document, { Version: '2012-10-17', Statement: [trusted('a'), trusted('b')] })
})

test('without an external id the trust asks for none', () => {
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: [invokerRoleArn] }, Action: assumed }],
  }
  assert.deepEqual(rolesOf(graph)[0]?.trustPolicy.document, document)
})

for (const [allow, actions] of [
  [['GET /status'], ['neptune-db:GetEngineStatus']],
  [['GET /openCypher', 'POST /openCypher'], ['neptune-db:ReadDataViaQuery']],
  [['GET /*'], ['neptune-db:GetEngineStatus', 'neptune-db:ReadDataViaQuery']],
  [['GET /{name}'], ['neptune-db:GetEngineStatus', 'neptune-db:ReadDataViaQuery']],
] as const) {
  test(`${allow.join(', ')} of Neptune needs ${actions.join(', ')}`, () => {
    const Resource = 'arn:aws:neptune-db:eu-west-1:333333333333:cluster-GRAPH1/database'
    assert.deepEqual(statementsOf({ ...graph, allow }), [[{ Effect: 'Allow', Action: actions, Resource }]])
  })
}

for (const [url, rule, resource] of [
  ['https://a1.execute-api.eu-west-1.amazonaws.com/prod', 'GET /orders/{id}', 'a1/prod/GET/orders/*'],
  ['https://a1.execute-api.eu-west-1.amazonaws.com', 'PUT /prod/orders/*', 'a1/prod/PUT/orders/*'],
  ['https://a1.execute-api.eu-west-1.amazonaws.com/prod', 'GET /', 'a1/prod/GET/'],
  ['https://api.example.com/v1', 'GET /orders', 'api/v1/GET/orders'],
] as const) {
  test(`${rule} of ${url} is ${resource}`, () => {
    const Resource = `arn:aws:execute-api:eu-west-1:333333333333:${resource}`
    const statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource }
    assert.deepEqual(statementsOf({ ...api, url, allow: [rule] }), [[statement]])
  })
}

for (const { what, target } of [
  { what: 'a service whose actions are not known', target: { ...graph, service: 'es' } },
  { what: 'what Neptune is not imitated in', target: { ...graph, allow: ['POST /gremlin'] } },
]) {
  test(`${what} gets a role without a policy`, () => assert.deepEqual(statementsOf(target), []))
}
