import type { DeployedResources } from '../../deployment/deployed-resources.ts'
import { headerValue, type WireRequest, type WireResponse } from '../../http.ts'
import {
  type Decision,
  denialSuffix,
  evaluate,
  PolicyError,
  type Principal,
  requestContextKeys,
} from '../../iam/index.ts'
import type { Identifiers } from '../../identifiers.ts'
import { decisionSteps, failedSteps, type Journal, type JournalEntry } from '../../journal.ts'
import { jsonSignatureRejection } from '../../service/rest-json-protocol.ts'
import { type AccessKey, type SignatureRejection, verifySignature } from '../../sigv4/index.ts'
import { createDeployedTables, type DeployedTables } from './deployed-tables.ts'

/** A rejection in DynamoDB's format. Rejections of the operations themselves come from dynalite, which recorded AWS's texts. */
interface DynamodbRejection {
  readonly status: number
  readonly type: string
  readonly message: string
}

/** Status and name: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const dynamodbRejections = {
  signature: (rejection: SignatureRejection): DynamodbRejection => {
    const { errorType, body } = jsonSignatureRejection(rejection)
    const { message }: { message: string } = JSON.parse(body) // as signatureRefusal wrote it
    // Recorded by dynalite.
    const words = 'Request is missing Authentication Token'
    return {
      status: 400,
      type: `com.amazon.coral.service#${errorType}`,
      message: rejection.code === 'MissingAuthenticationToken' ? words : message,
    }
  },
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
  denied: (principalArn: string, action: string, resource: string, decision: Decision): DynamodbRejection => ({
    status: 400,
    type: 'com.amazon.coral.service#AccessDeniedException',
    message: `User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource}${
      decision.allowed ? '' : denialSuffix(decision, action)
    }`,
  }),
  /** No answer of AWS. */
  unsupported: (what: string): DynamodbRejection => ({
    status: 501,
    type: 'LocalUnsupported',
    message: `The local stack does not imitate ${what}. Of DynamoDB it has GetItem, PutItem and Scan.`,
  }),
} as const

const dynamodbRejectionResponse = ({ status, type, message }: DynamodbRejection, requestId: string): WireResponse => ({
  status,
  headers: { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': requestId },
  body: JSON.stringify({ __type: type, message }),
})

interface DynamodbDependencies {
  readonly location: DeployedResources['location']
  readonly findKey: (accessKeyId: string) => AccessKey<Principal> | undefined
  readonly identifiers: Identifiers
  readonly journal: Journal
  readonly now: () => Date
}

/** What functions do with a table, and Scan for who wants to look into one. */
const operations = new Set(['GetItem', 'PutItem', 'Scan'])

export interface Dynamodb extends Pick<DeployedTables, 'add' | 'retain'> {
  readonly answer: (request: WireRequest) => Promise<WireResponse>
}

/** DynamoDB's endpoint: the signature, the operation, the policies for the table; behind them dynalite. */
export const createDynamodb = ({ location, findKey, identifiers, journal, now }: DynamodbDependencies): Dynamodb => {
  const { engine: currentEngine, expire, ...tables } = createDeployedTables(now)
  const tableArn = (name: string) =>
    `arn:${location.partition}:dynamodb:${location.region}:${location.accountId}:table/${name}`

  const handle = async (request: WireRequest): Promise<WireResponse> => {
    const requestId = identifiers.uuid()
    const operation = /^DynamoDB_20120810\.(\w+)$/.exec(headerValue(request, 'x-amz-target') ?? '')?.[1]
    const journalFields = { requestId, service: 'dynamodb', request: operation ?? 'no operation' }
    const reject = (
      rejection: DynamodbRejection,
      more: Omit<JournalEntry, keyof typeof journalFields | 'status' | 'outcome'>,
    ) => {
      journal.record({ ...journalFields, status: rejection.status, outcome: 'rejected', ...more })
      return dynamodbRejectionResponse(rejection, requestId)
    }

    const { region } = location
    // Fifteen minutes: recorded by dynalite.
    const verification = verifySignature(request, { service: 'dynamodb', region, clockSkewMinutes: 15, now, findKey })
    if (!verification.verified) {
      const { check, explanation, fix } = verification.rejection
      return reject(dynamodbRejections.signature(verification.rejection), {
        steps: failedSteps(check, explanation),
        fix,
      })
    }
    const principal = verification.owner
    const unsupported = (what: string) =>
      reject(dynamodbRejections.unsupported(what), {
        principal: principal.arn,
        steps: failedSteps('operation', [`${what} is not imitated`]),
      })
    if (operation === undefined || !operations.has(operation)) {
      return unsupported(`${operation ?? 'a request without an operation'} of DynamoDB`)
    }
    const tableName = readTableName(request.body)
    if (tableName === undefined) return unsupported(`${operation} without the plain name of a table`)

    const action = `dynamodb:${operation}`
    const resource = tableArn(tableName)
    try {
      const context = requestContextKeys(request, region, now())
      const decision = evaluate({ principal, action, resource, resourceAccount: location.accountId, context })
      const steps = decisionSteps(decision)
      if (!decision.allowed) {
        const rejection = dynamodbRejections.denied(principal.arn, action, resource, decision)
        return reject(rejection, { principal: principal.arn, steps, fix: decision.fix })
      }
      const engine = currentEngine()
      if (!engine) return unsupported('DynamoDB without a table in the template')
      await expire()
      const answer = await engine(operation, request.body)
      const outcome = answer.status < 400 ? 'allowed' : 'rejected'
      journal.record({ ...journalFields, status: answer.status, principal: principal.arn, outcome, steps })
      return { ...answer, headers: { ...answer.headers, 'x-amzn-RequestId': requestId } }
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
      return unsupported(`a policy of this request: ${error.message}`)
    }
  }
  return { ...tables, answer: handle }
}

/** Undefined for the ARN of a table, and for a body that is not JSON. */
const readTableName = (body: Uint8Array): string | undefined => {
  try {
    const { TableName: name }: { readonly TableName?: unknown } = JSON.parse(Buffer.from(body).toString()) ?? {}
    return typeof name === 'string' && /^[\w.-]{3,255}$/.test(name) ? name : undefined
  } catch {
    return undefined
  }
}
