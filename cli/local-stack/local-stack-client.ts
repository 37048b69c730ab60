import { Option } from 'commander'
import { z } from 'zod'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { CommandFailure } from '../command-failure.ts'
import { httpRequest } from '../http.ts'
import { parseJson } from '../parse-json.ts'

interface JsonResponse {
  readonly status: number
  /** Undefined when it is not JSON. */
  readonly body: unknown
}

/** Requests JSON without a timeout: a query may run for ten minutes. */
const requestJson = (url: string, requestBody?: unknown): Promise<JsonResponse> =>
  new Promise((resolve, reject) => {
    const body = requestBody === undefined ? undefined : JSON.stringify(requestBody)
    const outgoing = httpRequest(url, { method: body === undefined ? 'GET' : 'POST' }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: parseJson(Buffer.concat(chunks).toString()) }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })

/** The responses of `/_snowgate/`, documented in docs/local-stack.md. */
const identitySummary = z.object({ name: z.string(), arn: z.string(), description: z.string() })

const identity = z.object({
  name: z.string(),
  description: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string().nullable(),
  accountId: z.string(),
  arn: z.string(),
  region: z.string(),
  endpoints: z.object({ api: z.url(), aws: z.url(), snowflake: z.url() }),
  callerRoleArn: z.string().optional(),
  externalId: z.string().optional(),
})

const decision = z.object({
  requestId: z.string(),
  service: z.string(),
  request: z.string(),
  status: z.number(),
  principal: z.string().optional(),
  outcome: z.enum(['allowed', 'rejected']),
  steps: z.array(
    z.object({
      check: z.string(),
      source: z.string().optional(),
      outcome: z.enum(['passed', 'failed', 'considered']),
      reason: z.string(),
    }),
  ),
  fix: z.string().optional(),
})

const service = z.object({
  stage: z.string(),
  region: z.string(),
  accountId: z.string(),
  apiUrl: z.url(),
  accessMap: z.string(),
  packageDirectory: z.string(),
})

const tokenIssuer = z.object({ issuer: z.url() })

const resultSet = z.object({
  queryId: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.string().nullable())),
  status: z.string().optional(),
})

const statements = z.object({
  results: z.array(resultSet),
  failure: z
    .object({
      message: z.string(),
      code: z.string().optional(),
      sqlState: z.string().optional(),
      limit: z.literal(true).optional(),
    })
    .optional(),
})

const failure = z.object({ error: z.object({ message: z.string() }) })

/** Where the service would be at AWS, and the files it was deployed from, which may have changed since. */
export type RunningService = z.infer<typeof service>
type LocalIdentitySummary = z.infer<typeof identitySummary>
export type LocalIdentity = z.infer<typeof identity>
/** Why the stack allowed or rejected a request: every check, in order. */
export type RequestDecision = z.infer<typeof decision>

/** Texts in Snowflake's output formats, every digit kept; `status` stands for the result of a statement without rows. */
export type ResultSet = z.infer<typeof resultSet>
/** What was run before a failure, and the failure: Snowflake's, or the limit of the local one. */
export type StatementResults = z.infer<typeof statements>

interface StatementsRequest {
  /** A Snowflake caller of the map; absent: the first. */
  readonly as?: string
  /** The same name is the same session. */
  readonly session: string
  readonly sql: string
}

/** Absolute paths. */
interface DeploymentRequest {
  readonly packageDirectory: string
  readonly accessMap: string
  readonly stage: string
}

export interface LocalStackClient {
  readonly url: string
  readonly identities: () => Promise<readonly LocalIdentitySummary[]>
  /** @throws CommandFailure for an unknown identity */
  readonly identity: (name: string) => Promise<LocalIdentity>
  /** The keys of an identity, renewed if the machine has cached others. */
  readonly renewedIdentity: (name: string) => Promise<LocalIdentity>
  readonly decision: (requestId: string) => Promise<RequestDecision>
  readonly service: () => Promise<RunningService>
  /** The CloudFormation template that is deployed. */
  readonly template: () => Promise<unknown>
  /** @throws CommandFailure with what is wrong with the package or the map; what is deployed then stays */
  readonly deploy: (request: DeploymentRequest) => Promise<RunningService>
  /** The local URLs of the stage's targets, by name. */
  readonly targets: () => Promise<Readonly<Record<string, string>>>
  /** Of the web identity tokens that STS gives out to an account. */
  readonly tokenIssuer: (accountId: string) => Promise<string>
  readonly runStatements: (request: StatementsRequest) => Promise<StatementResults>
  /** Injects a fault into a configured stack that was started from a copy of the map, which its withdrawal restores. */
  readonly injectFault: (fault: string) => Promise<void>
}

export const defaultStackUrl = 'http://127.0.0.1:4566'

/** Not commander's own option for variables, which reads those of the process. */
export const stackOption = ({ SNOWGATE_STACK: url = defaultStackUrl }: Environment): Option =>
  new Option('--stack <url>', 'URL of the local stack (env: SNOWGATE_STACK)').default(
    url,
    JSON.stringify(defaultStackUrl),
  )

/** A client of the running local stack. Creating it sends nothing. */
export const createLocalStackClient = (url: string): LocalStackClient => {
  const base = url.replace(/\/+$/, '')
  const requestApi = async <Answer>(
    path: string,
    schema: z.ZodType<Answer>,
    requestBody?: unknown,
  ): Promise<Answer> => {
    const { status, body } = await requestJson(`${base}/_snowgate/${path}`, requestBody).catch(() => {
      throw new CommandFailure(`Cannot connect to the local stack at ${base}.`, {
        remedy: 'Start it with: npx snowgate start. If it runs elsewhere, pass --stack <url>.',
      })
    })
    if (status !== 200) {
      const parsed = failure.safeParse(body)
      throw new CommandFailure(parsed.success ? parsed.data.error.message : `${base} returned HTTP ${status}.`)
    }
    const answer = schema.safeParse(body)
    if (!answer.success)
      throw new CommandFailure(`The server at ${base} is not a local stack of this snowgate version.`)
    return answer.data
  }
  return {
    url: base,
    identities: () => requestApi('identities', z.array(identitySummary)),
    identity: (name) => requestApi(`identities/${encodeURIComponent(name)}`, identity),
    renewedIdentity: (name) =>
      requestApi(`identities/${encodeURIComponent(name)}`, identity, name === 'admin' ? {} : undefined),
    decision: (requestId) => requestApi(`decisions/${encodeURIComponent(requestId)}`, decision),
    service: () => requestApi('service', service),
    template: () => requestApi('template', z.unknown()),
    deploy: (request) => requestApi('deploy', service, request),
    targets: () => requestApi('targets', z.record(z.string(), z.url())),
    tokenIssuer: async (accountId) => (await requestApi(`token-issuers/${accountId}`, tokenIssuer)).issuer,
    runStatements: (request) => requestApi('statements', statements, request),
    injectFault: async (name) => {
      await requestApi('fault', z.object({}), { name, restoreAccessMap: true })
    },
  }
}
