import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  GetExportCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetStagesCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway'
import { type ControlPlane, deployedAt, startControlPlane, type TestCaller } from '../control-plane-server.ts'
import { testRejections } from '../test-rejections.ts'

/** API Gateway's own API as the SDK's own client meets it. */

let plane: ControlPlane
before(async () => {
  plane = await startControlPlane()
})
after(() => plane.stop())

const apigateway = (name: TestCaller = 'admin') => new APIGatewayClient(plane.as(name))
const id = () => plane.deployment().api.id
const get = (restApiId = id(), as?: TestCaller) => apigateway(as).send(new GetRestApiCommand({ restApiId }))
const stage = (stageName = 'dev') => apigateway().send(new GetStageCommand({ restApiId: id(), stageName }))
const exported = async (change: Partial<GetExportCommand['input']> = {}) => {
  const { body, contentDisposition } = await apigateway().send(
    new GetExportCommand({
      restApiId: id(),
      stageName: 'dev',
      exportType: 'oas30',
      accepts: 'application/json',
      parameters: { extensions: 'apigateway' },
      ...change,
    }),
  )
  return { contentDisposition, document: JSON.parse(Buffer.from(body ?? []).toString()) }
}

/** As every reader has to: the text of a JSON text, without the marks around it. */
const readPolicy = (policy = '') => JSON.parse(JSON.parse(`"${policy}"`))

const allowing = (path: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: `arn:aws:execute-api:eu-central-1:111111111111:${id()}${path}`,
    },
  ],
})

test('an API is shown with its endpoint, and its policy as a text with backslashes of its own', async () => {
  const { $metadata, policy, ...shown } = await get()
  assert.deepEqual(shown, {
    id: id(),
    name: 'api',
    createdDate: deployedAt,
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: ['REGIONAL'] },
    disableExecuteApiEndpoint: false,
    rootResourceId: plane.deployment().savedApi.resources[0]?.id,
  })
  assert.match(policy ?? '', /^\{\\"Version\\":\\"2012-10-17\\"/)
  assert.match(policy ?? '', /\\\/dev\\\/\*/)
  assert.deepEqual(readPolicy(policy), allowing('/dev/*'))
  const { items = [] } = await apigateway().send(new GetRestApisCommand())
  assert.deepEqual(items, [{ ...shown, policy }])
})

test('another account has no APIs', async () => {
  assert.deepEqual((await apigateway('stranger').send(new GetRestApisCommand())).items, [])
})

test('resources have their place in the tree, and their methods when they are embedded', async () => {
  const list = async (embed?: string[]) =>
    (await apigateway().send(new GetResourcesCommand({ restApiId: id(), ...(embed && { embed }) }))).items
  const [root, hello] = (await list(['methods'])) ?? []
  assert.deepEqual(root, { id: root?.id, path: '/' })
  assert.deepEqual(
    { ...hello, resourceMethods: undefined },
    {
      id: hello?.id,
      parentId: root?.id,
      path: '/hello',
      pathPart: 'hello',
      resourceMethods: undefined,
    },
  )
  assert.deepEqual(hello?.resourceMethods?.['POST'], {
    httpMethod: 'POST',
    authorizationType: 'AWS_IAM',
    apiKeyRequired: false,
    methodIntegration: {
      type: 'AWS_PROXY',
      httpMethod: 'POST',
      uri: 'arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:111111111111:function:greeter/invocations',
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29_000,
      cacheNamespace: hello?.id,
      cacheKeyParameters: [],
    },
  })
  assert.deepEqual((await list())?.[1]?.resourceMethods, { POST: {} })
})

test('the stage names its deployment', async () => {
  const { $metadata, ...shown } = await stage()
  assert.deepEqual([shown.stageName, shown.deploymentId], ['dev', plane.deployment().api.deploymentId])
  assert.deepEqual((await apigateway().send(new GetStagesCommand({ restApiId: id() }))).item, [shown])
})

test('the export of a stage has its methods, which of them ask for a signature, and its policy', async () => {
  const { contentDisposition, document } = await exported()
  assert.equal(contentDisposition, 'attachment; filename="api-dev-oas30.json"')
  assert.deepEqual(document.paths['/hello'].post.security, [{ sigv4: [] }])
  assert.equal(document.components.securitySchemes.sigv4['x-amazon-apigateway-authtype'], 'awsSigv4')
  assert.deepEqual(document['x-amazon-apigateway-policy'], allowing('/dev/*'))
})

test('what was saved and not deployed is in the API, and not in the export of its stage', async (context) => {
  const whole = plane.deployment()
  context.after(() => plane.change(() => whole))
  plane.change(({ savedApi, ...rest }) => ({
    ...rest,
    savedApi: {
      ...savedApi,
      endpointType: 'EDGE',
      resourcePolicy: { name: 'new', document: allowing('/new') },
      methods: savedApi.methods.map((method) => ({ ...method, httpMethod: 'PUT', authorization: 'NONE' })),
    },
  }))
  const { policy, endpointConfiguration } = await get()
  assert.deepEqual(readPolicy(policy), allowing('/new'))
  assert.deepEqual(endpointConfiguration, { types: ['EDGE'] })
  const { items = [] } = await apigateway().send(new GetResourcesCommand({ restApiId: id(), embed: ['methods'] }))
  assert.deepEqual(
    Object.values(items[1]?.resourceMethods ?? {}).map(({ httpMethod, authorizationType }) => [
      httpMethod,
      authorizationType,
    ]),
    [['PUT', 'NONE']],
  )
  const { document } = await exported()
  assert.deepEqual(document['x-amazon-apigateway-policy'], allowing('/dev/*'))
  assert.deepEqual(Object.keys(document.paths['/hello']), ['post'])
})

test('an API without a policy shows none, and neither does its export', async (context) => {
  const whole = plane.deployment()
  context.after(() => plane.change(() => whole))
  plane.change(({ api: { resourcePolicy: _, ...api }, savedApi: { resourcePolicy: __, ...savedApi }, ...rest }) => ({
    ...rest,
    api,
    savedApi,
  }))
  assert.equal((await get()).policy, undefined)
  assert.ok(!('x-amazon-apigateway-policy' in (await exported()).document))
})

const unsupported = (claim: string, call: () => Promise<unknown>, what: string | RegExp) => ({
  claim,
  call,
  status: 501,
  type: 'LocalUnsupported',
  message: typeof what === 'string' ? `The local stack does not imitate ${what}.` : what,
  reason: /not imitated/,
})

testRejections(() => plane, 'apigateway', [
  {
    claim: 'an API that is not there',
    call: () => get('a1b2c3'),
    status: 404,
    type: 'NotFoundException',
    message: 'Invalid API identifier specified',
    reason: /Invalid API identifier/,
  },
  {
    claim: 'the API of another account',
    call: () => get(id(), 'stranger'),
    status: 404,
    type: 'NotFoundException',
    message: 'Invalid API identifier specified',
    reason: /Invalid API identifier/,
  },
  {
    claim: 'a stage that is not there',
    call: () => stage('prod'),
    status: 404,
    type: 'NotFoundException',
    message: 'Invalid stage identifier specified',
    reason: /Invalid stage identifier/,
  },
  {
    claim: 'the export of a stage that is not there',
    call: () => exported({ stageName: 'prod' }),
    status: 404,
    type: 'NotFoundException',
    message: 'Invalid stage identifier specified',
    reason: /Invalid stage identifier/,
  },
  {
    claim: 'the list of all APIs to who may see what is below them',
    call: () => apigateway('reader').send(new GetRestApisCommand()),
    status: 403,
    type: 'AccessDeniedException',
    message:
      'User: arn:aws:iam::111111111111:user/reader is not authorized to perform: apigateway:GET on resource: arn:aws:apigateway:eu-central-1::/restapis because no identity-based policy allows the apigateway:GET action',
    reason: /no statement allows it/,
  },
  unsupported('an export as Swagger 2.0', () => exported({ exportType: 'swagger' }), 'the export type swagger'),
  unsupported('an export as YAML', () => exported({ accepts: 'application/yaml' }), 'exports as YAML'),
  unsupported(
    'an export without extensions',
    () => exported({ parameters: {} }),
    'exports without extensions=apigateway',
  ),
  unsupported(
    'a manual deployment',
    () => apigateway().send(new CreateDeploymentCommand({ restApiId: id(), stageName: 'dev' })),
    /^The local stack does not imitate POST \/restapis\/\w+\/deployments of API Gateway\.$/,
  ),
  unsupported(
    'a collection that snowgate has nothing in',
    () => apigateway().send(new GetUsagePlansCommand()),
    'GET /usageplans of API Gateway',
  ),
])
