import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import type { RoleResource } from '../../../../local/deployment/deployed-resources.ts'
import { createWireServer } from '../../../../local/http.ts'
import { validatePolicy } from '../../../../local/iam/index.ts'
import { createIdentifiers } from '../../../../local/identifiers.ts'
import { createKeyRing } from '../../../../local/identities/index.ts'
import { createJournal } from '../../../../local/journal.ts'
import { createSts, createTokenIssuers } from '../../../../local/services/sts/index.ts'
import { type NamedTarget, targetRoles } from '../../../../local/services/targets/index.ts'
import { startTargetServers } from '../../../../local/services/targets/start-targets.ts'
import { type Credentials, type StackRequest, sign } from '../../running-stack.ts'

export const region = 'eu-central-1'
export const serviceAccount = '111111111111'
export const invokerRoleArn = 'arn:aws:iam::111111111111:role/snowgate-dev-invoke-function'

const graph: NamedTarget = {
  name: 'graph',
  url: 'https://db.cluster-x.ap-northeast-1.neptune.amazonaws.com:8182',
  service: 'neptune-db',
  region: 'ap-northeast-1',
  roleArn: 'arn:aws:iam::333333333333:role/NeptuneReader',
  externalId: 'graph-7f3c',
  allow: ['GET /status'],
}

export const targets = [
  graph,
  {
    ...graph,
    name: 'queried',
    externalId: 'queried',
    roleArn: `${graph.roleArn}2`,
    allow: ['POST /openCypher', 'GET /*'],
  },
  {
    name: 'orders',
    url: 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod',
    service: 'execute-api',
    region: 'eu-west-1',
    roleArn: 'arn:aws:iam::555555555555:role/callers/OrdersReader',
    externalId: 'orders-1',
    allow: ['GET /orders/{id}', 'POST /orders'],
  },
  {
    name: 'stock',
    url: 'https://f6g7h8i9j0.execute-api.eu-west-1.amazonaws.com',
    service: 'execute-api',
    region: 'eu-west-1',
    allow: ['GET /live/items/*', 'PUT /live/items'],
  },
  {
    name: 'search',
    url: 'https://search.example.com/v1',
    service: 'es',
    region: 'eu-west-1',
    allow: ['GET /*'],
  },
] as const satisfies readonly NamedTarget[]

export type TargetName = (typeof targets)[number]['name']

const emptyTrustPolicy = { Version: '2012-10-17', Statement: [] }

const role = (arn: string, ...statements: readonly unknown[]): RoleResource => ({
  name: arn.replace(/^.*\//, ''),
  path: '/',
  arn,
  trustPolicy: { name: 'trust', document: emptyTrustPolicy },
  identityPolicies: [{ name: `policy of ${arn}`, document: { Version: '2012-10-17', Statement: statements } }],
  maxSessionDuration: 3_600,
  tags: {},
})

const allow = (Action: string | readonly string[], Resource: string | readonly string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
})

const stock = 'arn:aws:execute-api:eu-west-1:*:f6g7h8i9j0/live'
const roles = {
  /** The execution role of the function that calls out. */
  invoker: role(
    invokerRoleArn,
    allow(['sts:AssumeRole', 'sts:SetSourceIdentity']),
    allow('execute-api:Invoke', [`${stock}/GET/items/*`, `${stock}/GET/secrets`]),
  ),
  /** Another function of the same account, with every permission its own account can give. */
  other: role('arn:aws:iam::111111111111:role/snowgate-dev-hello-function', allow('*')),
  /** An administrator of the account of the orders. */
  insider: role('arn:aws:iam::555555555555:role/Insider', allow('execute-api:Invoke')),
} as const

export type Caller = keyof typeof roles

interface TargetResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly requestId: string
}

const post = (url: string, { method = 'GET', path, headers = {}, body }: StackRequest): Promise<TargetResponse> =>
  new Promise((resolve, reject) => {
    const outgoing = httpRequest(new URL(url).origin, { method, path, headers }, async (incoming) => {
      const chunks = await incoming.toArray()
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
        requestId: `${incoming.headers['x-amzn-requestid']}`,
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })

/** STS and the targets, each on a port; clients that sign with published signers. */
export const startTargetsAndSts = async () => {
  const now = () => new Date()
  const identifiers = createIdentifiers('test')
  const log: string[] = []
  const journal = createJournal((line) => log.push(line))
  const keyRing = createKeyRing({ identifiers, now })
  const rolesOfTargets = targetRoles(targets, { trustedArns: [invokerRoleArn] })
  for (const { trustPolicy, identityPolicies } of rolesOfTargets) {
    validatePolicy(trustPolicy, 'role trust')
    for (const policy of identityPolicies) validatePolicy(policy, 'identity-based')
  }
  const findRole = (arn: string) => rolesOfTargets.find((one) => one.arn === arn)
  const sts = createServerOf(
    createSts({
      region,
      findRole,
      keyRing,
      identifiers,
      journal,
      now,
      issuers: createTokenIssuers(),
      isFederationEnabled: () => true,
    }),
    now,
  )
  const stsUrl = await sts.start()
  const running = await startTargetServers({
    targets,
    invokerRoleArn,
    serviceAccount,
    identifiers,
    journal,
    now,
    findKey: keyRing.findKey,
  })
  const urlOf = (name: TargetName) => running.urls.get(name) ?? ''

  const session = (caller: Caller): Credentials =>
    keyRing.startSession(roles[caller], { sessionName: 'session', durationSeconds: 3_600 })

  const assume = async (
    name: 'graph' | 'queried' | 'orders',
    given: { as?: Caller; externalId?: string | null } = {},
  ) => {
    const target = targets.find((one) => one.name === name)
    const { roleArn = undefined, externalId = undefined } = target && 'roleArn' in target ? target : {}
    const { accessKeyId, secretAccessKey, sessionToken } = session(given.as ?? 'invoker')
    const client = new STSClient({
      endpoint: stsUrl,
      region,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    })
    const ExternalId = given.externalId === undefined ? externalId : (given.externalId ?? undefined)
    const { Credentials: issued } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: 'analytics',
        SourceIdentity: '222222222222-LambdaRoleDeve',
        ...(ExternalId !== undefined && { ExternalId }),
      }),
    )
    return {
      accessKeyId: issued?.AccessKeyId ?? '',
      secretAccessKey: issued?.SecretAccessKey ?? '',
      sessionToken: issued?.SessionToken,
    }
  }

  /** Signed by aws4 for what the target takes, unless configured otherwise; the path is below the target's url. */
  const call = (
    name: TargetName,
    { path, ...sent }: StackRequest,
    keys: Credentials,
    how: { service?: string; region?: string; date?: Date; signQuery?: boolean } = {},
  ) => {
    const url = urlOf(name)
    const { service = '', region: itsRegion = '' } = targets.find((one) => one.name === name) ?? {}
    const request = { method: 'GET', ...sent, path: `${new URL(url).pathname.replace(/\/$/, '')}${path}` }
    return post(url, sign(request, keys, { host: new URL(url).host, service, region: itsRegion, ...how }))
  }
  const callUnsigned = (name: TargetName, sent: StackRequest) => post(urlOf(name), sent)

  return {
    urlOf,
    session,
    assume,
    call,
    callUnsigned,
    journal,
    log,
    stop: async () => {
      await running.stop()
      await sts.stop()
    },
  }
}

const createServerOf = (answer: Parameters<typeof createWireServer>[0]['answer'], now: () => Date) => {
  const server = createWireServer({ answer, now })
  return {
    start: async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
