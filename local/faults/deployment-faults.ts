import { callerRoleName, lambdaFunctionName, routeText } from '../../shared/access/index.ts'
import type { ApiMethod, DeployedResources } from '../deployment/deployed-resources.ts'
import { withChangedFunction, withChangedMethods, withChangedStage } from '../deployment/manual-drift.ts'
import { accountCaller, type Fault, type FaultMapContext, loginOf } from './fault.ts'
import { rewritePolicy } from './policy-edits.ts'

const isPostTo = (path: string) => (method: ApiMethod) => method.httpMethod === 'POST' && method.resourcePath === path

const changePostMethod = (path: string, change: (method: ApiMethod) => readonly ApiMethod[]) =>
  withChangedMethods((method) => (isPostTo(path)(method) ? change(method) : [method]))

const hello = ({ stageName }: FaultMapContext) => lambdaFunctionName(stageName, 'hello')

/** Of the probe, on a map that has one. */
const probe = (context: FaultMapContext) => {
  loginOf(context)
  return lambdaFunctionName(context.stageName, 'snowflake-probe')
}

/** A property set to undefined would still be there. */
const withoutResourcePolicy = (deployment: DeployedResources): DeployedResources => {
  const { resourcePolicy: served, ...api } = deployment.api
  const { resourcePolicy: saved, ...savedApi } = deployment.savedApi
  return { ...deployment, api, savedApi }
}

const withoutInvokePermission = (name: string) => (deployment: DeployedResources) => ({
  ...deployment,
  functions: deployment.functions.map((fn) => {
    const { resourcePolicy, ...rest } = fn
    return fn.name === name ? rest : fn
  }),
})

export const deploymentFaults = {
  'map-not-deployed': {
    map: {
      edits: (context) => {
        const { name, caller } = accountCaller(context)
        const value = [...caller.routes.map(routeText), 'GET /snowflake-probe']
        return [{ path: ['callers', name, 'routes'], value }]
      },
      deployed: false,
    },
  },
  'endpoint-edge': {
    manualChanges: () => ({
      deployment: (deployment) => ({
        ...deployment,
        savedApi: { ...deployment.savedApi, endpointType: 'EDGE' },
      }),
    }),
  },
  'policy-not-deployed': {
    manualChanges: (context) => {
      const roleName = callerRoleName(context.stageName, accountCaller(context).name)
      return withChangedStage(({ resourcePolicy }) => ({
        ...(resourcePolicy && {
          resourcePolicy: rewritePolicy(resourcePolicy, (text) => text.replace(new RegExp(`/${roleName}$`), '/before')),
        }),
      }))
    },
  },
  'policy-missing': { manualChanges: () => ({ deployment: withoutResourcePolicy }) },
  'route-missing': { manualChanges: () => changePostMethod('/hello', () => []) },
  'method-without-iam': {
    manualChanges: () => changePostMethod('/hello', (method) => [{ ...method, authorization: 'NONE' }]),
  },
  'api-key-required': {
    manualChanges: () => changePostMethod('/hello', (method) => [{ ...method, apiKeyRequired: true }]),
  },
  'function-permission-missing': {
    manualChanges: (context) => ({ deployment: withoutInvokePermission(hello(context)) }),
  },
  'function-does-not-load': {
    manualChanges: (context) => withChangedFunction(hello(context), { handler: 'functions/hello/handler.handle' }),
  },
  'function-crashes': {
    manualChanges: (context) => ({
      code: { [hello(context)]: "exports.handler = async () => { throw new TypeError('greeting is not a function') }" },
    }),
  },
  'answer-malformed': {
    manualChanges: (context) => ({ code: { [hello(context)]: "exports.handler = async () => 'Hello, Alice'" } }),
  },
  'rows-malformed': {
    manualChanges: (context) => ({
      code: { [hello(context)]: `exports.handler = async () => ({ statusCode: 200, body: '"Hello, Alice"' })` },
    }),
  },
  'function-timeout-too-short': { manualChanges: (context) => withChangedFunction(probe(context), { timeout: 1 }) },
  'function-throttled': { manualChanges: (context) => withChangedFunction(hello(context), { reservedConcurrency: 0 }) },
  'integration-timeout': {
    manualChanges: (context) => ({
      ...changePostMethod('/snowflake-probe', (method) => [{ ...method, integrationTimeout: 50 }]),
      // One that is warm may answer in this time.
      restarted: [probe(context)],
    }),
  },
  'api-throttled': {
    faultState: () => ({
      overrides: {
        gateway: () => ({
          status: 429,
          headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException' },
          body: JSON.stringify({ message: 'Too Many Requests' }),
        }),
      },
    }),
  },
} as const satisfies Readonly<Record<string, Fault>>
