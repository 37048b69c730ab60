import type { Keys } from './circumstances.ts'
import { createDeployApi } from './deploy-api.ts'
import type { Current, Deployments } from './deployments.ts'
import { createFaultApi } from './fault-api.ts'
import { domainNameOf } from './gateway/index.ts'
import { headerValue, type WireAnswer, type WireRequest } from './http/index.ts'
import type { Party } from './identities/index.ts'
import { failure, json } from './stack-answer.ts'
import { createStatementsApi } from './statements-api.ts'
import { issuerOf } from './sts/index.ts'
import type { World } from './world.ts'

export const stackApiPrefix = '/_snowgate/'

interface Needs {
  readonly world: World
  readonly deployments: Deployments
}

/**
 * What the stack tells the people and programs of this machine, and AWS would not: who can be played, with which keys, and
 * why a request was refused. It has no lock, therefore it answers nobody that a web page could have sent.
 */
export const createStackApi = ({ world, deployments }: Needs) => {
  const { place, url, journal, snowflakeAccounts } = world
  const { current } = deployments
  const service = () => describeService(current())
  const runStatements = createStatementsApi(snowflakeAccounts.all, world.ending)
  const deploy = createDeployApi(deployments, service)
  const faultApi = createFaultApi({ world, deployments })

  const identity = ({ name, description, key, doorRoleArn, externalId }: Party) => ({
    name,
    description,
    ...shown(name === 'admin' ? keptKeys(key, world) : key),
    accountId: key.owner.accountId,
    arn: key.owner.arn,
    region: place.region,
    endpoints: { api: `${url}/${current().deployment.api.stage}`, aws: url, snowflake: url },
    ...(doorRoleArn !== undefined && { doorRoleArn }),
    ...(externalId !== undefined && { externalId }),
  })

  return async (request: WireRequest): Promise<WireAnswer> => {
    const host = headerValue(request, 'host') ?? ''
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host) || headerValue(request, 'origin') !== undefined) {
      return failure(403, 'NOT_LOCAL', 'The stack answers this only to programs of its own machine.')
    }
    const [collection, id, ...rest] = (request.target.split('?')[0] ?? '').slice(stackApiPrefix.length).split('/')
    const wanted = id === undefined ? undefined : decode(id)
    if (rest.length > 0) return unknown
    if (request.method === 'POST' && collection === 'statements' && id === undefined) return runStatements(request.body)
    if (request.method === 'POST' && collection === 'deploy' && id === undefined) return deploy(request.body)
    if (collection === 'fault' && id === undefined) {
      if (request.method === 'POST') return faultApi.post(request.body)
      if (request.method === 'DELETE') return faultApi.delete()
    }
    const isRenewal = request.method === 'POST' && collection === 'identities' && wanted === 'admin'
    if (isRenewal) world.around.renewKeys()
    else if (request.method !== 'GET') return unknown
    if (collection === 'service' && id === undefined) return json(200, service())
    if (collection === 'template' && id === undefined) return json(200, current().deploymentPackage.template)
    if (collection === 'targets' && id === undefined) return json(200, Object.fromEntries(current().targets))
    if (collection === 'token-issuers' && wanted !== undefined && /^\d{12}$/.test(wanted))
      return json(200, { issuer: issuerOf(wanted) })
    if (collection === 'identities') {
      const { parties } = current()
      if (wanted === undefined) {
        return json(
          200,
          parties.map(({ name, description, key }) => ({ name, arn: key.owner.arn, description })),
        )
      }
      const party = parties.find(({ name }) => name === wanted)
      if (party) return json(200, identity(party))
      return failure(
        404,
        'NO_SUCH_IDENTITY',
        `There is no identity "${wanted}". There are: ${parties.map(({ name }) => name).join(', ')}.`,
      )
    }
    if (collection === 'decisions' && wanted !== undefined) {
      const entry = journal.find(wanted)
      if (entry) return json(200, entry)
      return failure(404, 'NO_SUCH_REQUEST', `The stack remembers no request ${wanted}.`)
    }
    return unknown
  }
}

const shown = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) => ({
  accessKeyId,
  secretAccessKey,
  sessionToken: sessionToken ?? null,
})

/** The keys of `admin`, as this machine has kept them. */
const keptKeys = (own: Keys, { around, partyKeys, place }: World): Keys => {
  const { kept } = around.now()
  if (!kept) return own
  const arn = `arn:${place.partition}:iam::${place.accountId}:role/admin`
  return kept({ own, ...partyKeys.sessionsOf(arn) })
}

const unknown = failure(
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
const describeService = ({ deployment, deploymentPackage, accessMapPath }: Current) => ({
  stage: deployment.api.stage,
  region: deployment.place.region,
  accountId: deployment.place.accountId,
  apiUrl: `https://${domainNameOf(deployment)}/${deployment.api.stage}`,
  accessMap: accessMapPath,
  packageDirectory: deploymentPackage.directory,
})
