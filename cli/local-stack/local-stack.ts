import { Option } from 'commander'
import { z } from 'zod'
import type { Environment } from '../../shared/settings.ts'
import { CommandFailure } from '../command-failure.ts'
import { askJson } from './ask.ts'

/** What `/_snowgate/` tells; documented in docs/local-stack.md. */
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
  doorRoleArn: z.string().optional(),
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
      because: z.string(),
    }),
  ),
  remedy: z.string().optional(),
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
export type Service = z.infer<typeof service>
export type IdentitySummary = z.infer<typeof identitySummary>
export type Identity = z.infer<typeof identity>
/** Why the stack let a request in, or refused it: every check in its order. */
export type Decision = z.infer<typeof decision>

/** Texts in Snowflake's output formats, every digit kept; `status` stands for the result of a statement without rows. */
export type ResultSet = z.infer<typeof resultSet>
/** What was run before a failure, and the failure: Snowflake's, or the limit of the local one. */
export type Statements = z.infer<typeof statements>

interface StatementsToRun {
  /** A Snowflake caller of the map; absent: the first. */
  readonly as?: string
  /** The same name is the same session. */
  readonly session: string
  readonly sql: string
}

/** Absolute paths. */
interface DeploymentOrder {
  readonly packageDirectory: string
  readonly accessMap: string
  readonly stage: string
}

export interface LocalStack {
  readonly url: string
  readonly identities: () => Promise<readonly IdentitySummary[]>
  /** @throws CommandFailure when nobody of the name is on the map */
  readonly identity: (name: string) => Promise<Identity>
  /** The keys of somebody, taken anew where the machine had kept others. */
  readonly renewedIdentity: (name: string) => Promise<Identity>
  readonly decision: (requestId: string) => Promise<Decision>
  readonly service: () => Promise<Service>
  /** The CloudFormation template that is deployed. */
  readonly template: () => Promise<unknown>
  /** @throws CommandFailure with what is wrong with the package or the map; what is deployed then stays */
  readonly deploy: (order: DeploymentOrder) => Promise<Service>
  /** Where the targets of the stage are played, by name. */
  readonly targets: () => Promise<Readonly<Record<string, string>>>
  /** Of the web identity tokens that STS gives out to an account. */
  readonly tokenIssuer: (accountId: string) => Promise<string>
  readonly runStatements: (order: StatementsToRun) => Promise<Statements>
  /** Injects a fault into a configured stack that was started from a copy of the map, which its withdrawal restores. */
  readonly injectFault: (fault: string) => Promise<void>
}

export const defaultStackUrl = 'http://127.0.0.1:4566'

/** Not commander's own way with variables, which reads those of the process. */
export const stackOption = ({ SNOWGATE_STACK: url = defaultStackUrl }: Environment): Option =>
  new Option('--stack <url>', 'the local stack (env: SNOWGATE_STACK)').default(url, JSON.stringify(defaultStackUrl))

/** The running local stack, as its programs see it. Nothing is sent until something is asked. */
export const openLocalStack = (url: string): LocalStack => {
  const base = url.replace(/\/+$/, '')
  const ask = async <Answer>(path: string, schema: z.ZodType<Answer>, sent?: unknown): Promise<Answer> => {
    const { status, body } = await askJson(`${base}/_snowgate/${path}`, sent).catch(() => {
      throw new CommandFailure(`Cannot connect to the local stack at ${base}.`, {
        remedy: 'Start it with: npx snowgate start. If it runs elsewhere, pass --stack <url>.',
      })
    })
    if (status !== 200) {
      const told = failure.safeParse(body)
      throw new CommandFailure(told.success ? told.data.error.message : `${base} returned HTTP ${status}.`)
    }
    const answer = schema.safeParse(body)
    if (!answer.success)
      throw new CommandFailure(`The server at ${base} is not a local stack of this snowgate version.`)
    return answer.data
  }
  return {
    url: base,
    identities: () => ask('identities', z.array(identitySummary)),
    identity: (name) => ask(`identities/${encodeURIComponent(name)}`, identity),
    renewedIdentity: (name) =>
      ask(`identities/${encodeURIComponent(name)}`, identity, name === 'admin' ? {} : undefined),
    decision: (requestId) => ask(`decisions/${encodeURIComponent(requestId)}`, decision),
    service: () => ask('service', service),
    template: () => ask('template', z.unknown()),
    deploy: (order) => ask('deploy', service, order),
    targets: () => ask('targets', z.record(z.string(), z.url())),
    tokenIssuer: async (accountId) => (await ask(`token-issuers/${accountId}`, tokenIssuer)).issuer,
    runStatements: (order) => ask('statements', statements, order),
    injectFault: async (name) => {
      await ask('fault', z.object({}), { name, restoreAccessMap: true })
    },
  }
}
