import { createRedeployEndpoint } from '../deployment/redeploy-endpoint.ts'
import type { CurrentDeployment, Deployments } from '../deployment/replace-deployment.ts'
import { type CredentialValues, createFaultEndpoint } from '../faults/index.ts'
import { headerValue, type WireRequest, type WireResponse } from '../http.ts'
import type { LocalIdentity } from '../identities/index.ts'
import { domainNameOf } from '../services/apigateway/index.ts'
import { issuerOf } from '../services/sts/index.ts'
import type { StackState } from '../state.ts'
import { errorResponse, jsonResponse } from './stack-api-response.ts'
import { createStatementsEndpoint } from './statements-endpoint.ts'

export const stackApiPrefix = '/_snowgate/'

interface StackApiDependencies {
  readonly state: StackState
  readonly deployments: Deployments
}

/**
 * The stack's own API for this machine: local identities with their keys, and why a request was rejected.
 * It has no authentication, so it rejects requests that a web page could send.
 */
export const createStackApi = ({ state, deployments }: StackApiDependencies) => {
  const { location, url, journal, snowflakeAccounts } = state
  const { current } = deployments
  const service = () => describeService(current())
  const runStatements = createStatementsEndpoint(snowflakeAccounts.all, state.shutdownSignal)
  const deploy = createRedeployEndpoint(deployments, service)
  const faultApi = createFaultEndpoint({ state, deployments })

  const describeIdentity = ({ name, description, key, callerRoleArn, externalId }: LocalIdentity) => ({
    name,
    description,
    ...credentialsResponse(name === 'admin' ? currentAdminCredentials(key, state) : key),
    accountId: key.owner.accountId,
    arn: key.owner.arn,
    region: location.region,
    endpoints: { api: `${url}/${current().deployment.api.stage}`, aws: url, snowflake: url },
    ...(callerRoleArn !== undefined && { callerRoleArn }),
    ...(externalId !== undefined && { externalId }),
  })

  return async (request: WireRequest): Promise<WireResponse> => {
    const host = headerValue(request, 'host') ?? ''
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host) || headerValue(request, 'origin') !== undefined) {
      return errorResponse(403, 'NOT_LOCAL', 'Only programs on this machine may call /_snowgate/.')
    }
    const [collection, id, ...rest] = (request.target.split('?')[0] ?? '').slice(stackApiPrefix.length).split('/')
    const requestedId = id === undefined ? undefined : decode(id)
    if (rest.length > 0) return noSuchPath
    if (request.method === 'POST' && collection === 'statements' && id === undefined) return runStatements(request.body)
    if (request.method === 'POST' && collection === 'deploy' && id === undefined) return deploy(request.body)
    if (collection === 'fault' && id === undefined) {
      if (request.method === 'POST') return faultApi.post(request.body)
      if (request.method === 'DELETE') return faultApi.delete()
    }
    const isRenewal = request.method === 'POST' && collection === 'identities' && requestedId === 'admin'
    if (isRenewal) state.activeFaults.renewAdminCredentials()
    else if (request.method !== 'GET') return noSuchPath
    if (collection === 'service' && id === undefined) return jsonResponse(200, service())
    if (collection === 'template' && id === undefined) return jsonResponse(200, current().deploymentPackage.template)
    if (collection === 'targets' && id === undefined) return jsonResponse(200, Object.fromEntries(current().targets))
    if (collection === 'token-issuers' && requestedId !== undefined && /^\d{12}$/.test(requestedId))
      return jsonResponse(200, { issuer: issuerOf(requestedId) })
    if (collection === 'identities') {
      const { identities } = current()
      if (requestedId === undefined) {
        return jsonResponse(
          200,
          identities.map(({ name, description, key }) => ({ name, arn: key.owner.arn, description })),
        )
      }
      const identity = identities.find(({ name }) => name === requestedId)
      if (identity) return jsonResponse(200, describeIdentity(identity))
      return errorResponse(
        404,
        'NO_SUCH_IDENTITY',
        `There is no identity "${requestedId}". There are: ${identities.map(({ name }) => name).join(', ')}.`,
      )
    }
    if (collection === 'decisions' && requestedId !== undefined) {
      const entry = journal.find(requestedId)
      if (entry) return jsonResponse(200, entry)
      return errorResponse(404, 'NO_SUCH_REQUEST', `No decision is recorded for request ${requestedId}.`)
    }
    return noSuchPath
  }
}

const credentialsResponse = ({ accessKeyId, secretAccessKey, sessionToken }: CredentialValues) => ({
  accessKeyId,
  secretAccessKey,
  sessionToken: sessionToken ?? null,
})

/** The keys of `admin` on this machine. */
const currentAdminCredentials = (
  longTerm: CredentialValues,
  { activeFaults, identityKeys, location }: StackState,
): CredentialValues => {
  const { adminCredentials } = activeFaults.state()
  if (!adminCredentials) return longTerm
  const arn = `arn:${location.partition}:iam::${location.accountId}:role/admin`
  return adminCredentials({ longTerm, ...identityKeys.adminSessionKeys(arn) })
}

const noSuchPath = errorResponse(
  404,
  'NO_SUCH_PATH',
  'There is GET /_snowgate/service, /template, /targets, /identities, /identities/<name>, /decisions/<request id>, /token-issuers/<account id>, POST /statements, POST /deploy, POST and DELETE /fault.',
)

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Where the service would be at AWS, for SQL and for programs, and what it was deployed from. */
const describeService = ({ deployment, deploymentPackage, accessMapPath }: CurrentDeployment) => ({
  stage: deployment.api.stage,
  region: deployment.location.region,
  accountId: deployment.location.accountId,
  apiUrl: `https://${domainNameOf(deployment)}/${deployment.api.stage}`,
  accessMap: accessMapPath,
  packageDirectory: deploymentPackage.directory,
})
