import { headerValue, type WireAnswer, type WireRequest } from '../http/index.ts'
import { evaluate, PolicyError, type Principal } from '../iam/index.ts'
import type { Identifiers } from '../identifiers.ts'
import { decisionSteps, failedSteps, type Journal, type JournalEntry } from '../journal.ts'
import { requestContextKeys } from '../request-context.ts'
import { type AccessKey, verify } from '../sigv4/index.ts'
import type { Deployment } from '../template/index.ts'
import { type Refusal, refusalAnswer, refusals } from './refusals.ts'
import { createTables, type Tables } from './tables.ts'

interface Needs {
  readonly place: Deployment['place']
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

/** What functions do with a table, and Scan for who wants to look into one. */
const operations = new Set(['GetItem', 'PutItem', 'Scan'])

export interface Dynamodb extends Pick<Tables, 'add' | 'keep'> {
  readonly answer: (request: WireRequest) => Promise<WireAnswer>
}

/** DynamoDB's endpoint: the signature, the operation, the policies for the table; behind them dynalite. */
export const createDynamodb = ({ place, findKey, identifiers, journal, now }: Needs): Dynamodb => {
  const { engine: engineOf, expire, ...tables } = createTables(now)
  const tableArn = (name: string) => `arn:${place.partition}:dynamodb:${place.region}:${place.accountId}:table/${name}`

  const respond = async (request: WireRequest): Promise<WireAnswer> => {
    const requestId = identifiers.uuid()
    const operation = /^DynamoDB_20120810\.(\w+)$/.exec(headerValue(request, 'x-amz-target') ?? '')?.[1]
    const about = { requestId, service: 'dynamodb', request: operation ?? 'no operation' }
    const refuse = (refusal: Refusal, more: Omit<JournalEntry, keyof typeof about | 'status' | 'outcome'>) => {
      journal.record({ ...about, status: refusal.status, outcome: 'refused', ...more })
      return refusalAnswer(refusal, requestId)
    }

    const { region } = place
    // Fifteen minutes: recorded by dynalite.
    const verdict = verify(request, { service: 'dynamodb', region, clockSkewMinutes: 15, now, findKey })
    if (!verdict.verified) {
      const { check, explanation, remedy } = verdict.refusal
      return refuse(refusals.signature(verdict.refusal), { steps: failedSteps(check, explanation), remedy })
    }
    const principal = verdict.owner
    const unsupported = (what: string) =>
      refuse(refusals.unsupported(what), {
        principal: principal.arn,
        steps: failedSteps('operation', [`${what} is not imitated`]),
      })
    if (operation === undefined || !operations.has(operation)) {
      return unsupported(`${operation ?? 'a request without an operation'} of DynamoDB`)
    }
    const tableName = tableNameIn(request.body)
    if (tableName === undefined) return unsupported(`${operation} without the plain name of a table`)

    const action = `dynamodb:${operation}`
    const resource = tableArn(tableName)
    try {
      const context = requestContextKeys(request, region, now())
      const decision = evaluate({ principal, action, resource, resourceAccount: place.accountId, context })
      const steps = decisionSteps(decision)
      if (!decision.allowed) {
        const refusal = refusals.denied(principal.arn, action, resource, decision)
        return refuse(refusal, { principal: principal.arn, steps, remedy: decision.remedy })
      }
      const engine = engineOf()
      if (!engine) return unsupported('DynamoDB without a table in the template')
      await expire()
      const answer = await engine(operation, request.body)
      const outcome = answer.status < 400 ? 'let in' : 'refused'
      journal.record({ ...about, status: answer.status, principal: principal.arn, outcome, steps })
      return { ...answer, headers: { ...answer.headers, 'x-amzn-RequestId': requestId } }
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
      return unsupported(`a policy of this request: ${error.message}`)
    }
  }
  return { ...tables, answer: respond }
}

/** Undefined for an ARN in its place, and for what is no JSON. */
const tableNameIn = (body: Uint8Array): string | undefined => {
  try {
    const { TableName: name }: { readonly TableName?: unknown } = JSON.parse(Buffer.from(body).toString()) ?? {}
    return typeof name === 'string' && /^[\w.-]{3,255}$/.test(name) ? name : undefined
  } catch {
    return undefined
  }
}
