import { doorRoleName, lambdaFunctionName, routeText } from '../../shared/access/index.ts'
import { inFunction, inMethods, inServedApi } from '../by-hand.ts'
import type { ApiMethod, Deployment } from '../template/index.ts'
import { rewritten } from './documents.ts'
import { accountCaller, type Fault, loginOf, type MapScene } from './fault.ts'

const isPostTo = (path: string) => (method: ApiMethod) => method.httpMethod === 'POST' && method.resourcePath === path

const onPostTo = (path: string, change: (method: ApiMethod) => readonly ApiMethod[]) =>
  inMethods((method) => (isPostTo(path)(method) ? change(method) : [method]))

const hello = ({ stageName }: MapScene) => lambdaFunctionName(stageName, 'hello')

/** Of the probe, on a map that has one. */
const probe = (scene: MapScene) => {
  loginOf(scene)
  return lambdaFunctionName(scene.stageName, 'snowflake-probe')
}

/** A property set to undefined would still be there. */
const unprotected = (deployment: Deployment): Deployment => {
  const { resourcePolicy: served, ...api } = deployment.api
  const { resourcePolicy: saved, ...savedApi } = deployment.savedApi
  return { ...deployment, api, savedApi }
}

const notInvocable = (name: string) => (deployment: Deployment) => ({
  ...deployment,
  functions: deployment.functions.map((fn) => {
    const { resourcePolicy, ...rest } = fn
    return fn.name === name ? rest : fn
  }),
})

export const deploymentFaults = {
  'map-not-deployed': {
    map: {
      edits: (scene) => {
        const { name, caller } = accountCaller(scene)
        const value = [...caller.routes.map(routeText), 'GET /snowflake-probe']
        return [{ path: ['callers', name, 'routes'], value }]
      },
      deployed: false,
    },
  },
  'endpoint-edge': {
    byHand: () => ({
      deployment: (deployment) => ({
        ...deployment,
        savedApi: { ...deployment.savedApi, endpointType: 'EDGE' },
      }),
    }),
  },
  'policy-not-deployed': {
    byHand: (scene) => {
      const door = doorRoleName(scene.stageName, accountCaller(scene).name)
      return inServedApi(({ resourcePolicy }) => ({
        ...(resourcePolicy && {
          resourcePolicy: rewritten(resourcePolicy, (text) => text.replace(new RegExp(`/${door}$`), '/before')),
        }),
      }))
    },
  },
  'policy-missing': { byHand: () => ({ deployment: unprotected }) },
  'route-missing': { byHand: () => onPostTo('/hello', () => []) },
  'method-without-iam': {
    byHand: () => onPostTo('/hello', (method) => [{ ...method, authorization: 'NONE' }]),
  },
  'api-key-required': { byHand: () => onPostTo('/hello', (method) => [{ ...method, apiKeyRequired: true }]) },
  'function-permission-missing': { byHand: (scene) => ({ deployment: notInvocable(hello(scene)) }) },
  'function-does-not-load': {
    byHand: (scene) => inFunction(hello(scene), { handler: 'functions/hello/handler.handle' }),
  },
  'function-crashes': {
    byHand: (scene) => ({
      code: { [hello(scene)]: "exports.handler = async () => { throw new TypeError('greeting is not a function') }" },
    }),
  },
  'answer-malformed': {
    byHand: (scene) => ({ code: { [hello(scene)]: "exports.handler = async () => 'Hello, Alice'" } }),
  },
  'rows-malformed': {
    byHand: (scene) => ({
      code: { [hello(scene)]: `exports.handler = async () => ({ statusCode: 200, body: '"Hello, Alice"' })` },
    }),
  },
  'function-timeout-too-short': { byHand: (scene) => inFunction(probe(scene), { timeout: 1 }) },
  'function-throttled': { byHand: (scene) => inFunction(hello(scene), { reservedConcurrency: 0 }) },
  'integration-timeout': {
    byHand: (scene) => ({
      ...onPostTo('/snowflake-probe', (method) => [{ ...method, integrationTimeout: 50 }]),
      // One that is warm may answer in this time.
      restarted: [probe(scene)],
    }),
  },
  'api-throttled': {
    around: () => ({
      instead: {
        gateway: () => ({
          status: 429,
          headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException' },
          body: JSON.stringify({ message: 'Too Many Requests' }),
        }),
      },
    }),
  },
} as const satisfies Readonly<Record<string, Fault>>
