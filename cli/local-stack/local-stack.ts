import { Option } from 'commander'
import { z } from 'zod'
import { CommandFailure } from '../command-failure.ts'

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
  outcome: z.enum(['let in', 'refused']),
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

const failure = z.object({ error: z.object({ message: z.string() }) })

export type IdentitySummary = z.infer<typeof identitySummary>
export type Identity = z.infer<typeof identity>
/** Why the stack let a request in, or refused it: every check in its order. */
export type Decision = z.infer<typeof decision>

export interface LocalStack {
  readonly url: string
  readonly identities: () => Promise<readonly IdentitySummary[]>
  /** @throws CommandFailure when nobody of the name is on the map */
  readonly identity: (name: string) => Promise<Identity>
  readonly decision: (requestId: string) => Promise<Decision>
}

export const stackOption = new Option('--stack <url>', 'the local stack')
  .env('SNOWGATE_STACK')
  .default('http://127.0.0.1:4566')

/** The running local stack, as its programs see it. Nothing is sent until something is asked. */
export const openLocalStack = (url: string): LocalStack => {
  const base = url.replace(/\/+$/, '')
  const ask = async <Answer>(path: string, schema: z.ZodType<Answer>): Promise<Answer> => {
    const response = await fetch(`${base}/_snowgate/${path}`).catch(() => {
      throw new CommandFailure(`Nobody answers at ${base}.`, {
        remedy: 'Start the local stack with: snowgate start. If it runs elsewhere, give its --stack <url>.',
      })
    })
    const body: unknown = await response.json().catch(() => undefined)
    if (!response.ok) {
      const told = failure.safeParse(body)
      throw new CommandFailure(told.success ? told.data.error.message : `${base} answered ${response.status}.`)
    }
    const answer = schema.safeParse(body)
    if (!answer.success) throw new CommandFailure(`What answers at ${base} is not a snowgate of this version.`)
    return answer.data
  }
  return {
    url: base,
    identities: () => ask('identities', z.array(identitySummary)),
    identity: (name) => ask(`identities/${encodeURIComponent(name)}`, identity),
    decision: (requestId) => ask(`decisions/${encodeURIComponent(requestId)}`, decision),
  }
}
