import { headerValue, type WireRequest, type WireResponse } from '../../http.ts'
import { evaluate, PolicyError, type Principal, requestContextKeys } from '../../iam/index.ts'
import { decisionSteps, failedSteps, type JournalStep } from '../../journal.ts'
import { verifySignature } from '../../sigv4/index.ts'
import { databaseArn } from './access-map-target.ts'
import { engineStatus, literalAnswer, neptuneAction } from './neptune-operations.ts'
import { NeptuneRejected, neptuneRejections } from './neptune-rejections.ts'
import { listenForTarget, type TargetServer, type TargetServerDependencies } from './target-server.ts'

/**
 * A cluster that demands IAM authentication: the signature for `neptune-db`, then the caller's own policies, as Neptune has no
 * resource policy.
 */
export const startNeptune = ({
  target,
  accountId,
  findKey,
  identifiers,
  journal,
  now,
}: TargetServerDependencies): Promise<TargetServer> => {
  const { region } = target
  const resource = databaseArn(target, accountId)
  const startTime = now()

  const handle = (
    request: WireRequest,
    journalFields: { principal?: Principal; readonly steps: JournalStep[] },
  ): unknown => {
    const verification = verifySignature(request, { service: 'neptune-db', region, clockSkewMinutes: 5, now, findKey })
    if (!verification.verified) {
      const { check, explanation, fix } = verification.rejection
      journalFields.steps.push(...failedSteps(check, explanation))
      throw new NeptuneRejected(neptuneRejections.signature(verification.rejection), [], fix)
    }
    journalFields.principal = verification.owner
    const [path = '', query = ''] = request.target.split(/\?(.*)/s)
    const action = neptuneAction(request.method, path)
    if (action === undefined) {
      throw new NeptuneRejected(neptuneRejections.unsupported(`${request.method} ${path} of Neptune`), [
        'it is not imitated',
      ])
    }
    const decision = evaluate({
      principal: verification.owner,
      action,
      resource,
      resourceAccount: accountId,
      context: {
        ...requestContextKeys(request, region, now()),
        ...(path === '/openCypher' && { 'neptune-db:QueryLanguage': 'OpenCypher' }),
      },
    })
    journalFields.steps.push(...decisionSteps(decision))
    if (!decision.allowed) {
      throw new NeptuneRejected(
        neptuneRejections.denied(verification.owner.arn, action, resource, decision),
        [],
        decision.fix,
      )
    }
    if (path === '/status') return engineStatus(startTime)
    const parameters = request.method === 'POST' ? readForm(request) : new URLSearchParams(query)
    const cypher = parameters.get('query')
    if (cypher === null)
      throw new NeptuneRejected(neptuneRejections.badRequest, ['there is no parameter query'], 'Send query=RETURN 1.')
    const answer = literalAnswer(cypher)
    if (!answer)
      throw new NeptuneRejected(neptuneRejections.unsupported('this openCypher query'), [
        'it does more than return a literal',
      ])
    return answer
  }

  const answer = async (request: WireRequest): Promise<WireResponse> => {
    const requestId = identifiers.uuid()
    const journalFields: { principal?: Principal; readonly steps: JournalStep[] } = { steps: [] }
    const record = (status: number, outcome: 'allowed' | 'rejected', fix?: string) =>
      journal.record({
        requestId,
        service: 'neptune-db',
        status,
        outcome,
        steps: journalFields.steps,
        request: `${request.method} ${request.target.split('?')[0]}`,
        ...(journalFields.principal && { principal: journalFields.principal.arn }),
        ...(fix !== undefined && { fix }),
      })
    try {
      const body = handle(request, journalFields)
      record(200, 'allowed')
      return neptuneResponse(200, body, requestId)
    } catch (error) {
      const { status, code, detailedMessage, reasons, fix } = toNeptuneRejection(error)
      journalFields.steps.push(...failedSteps('request', reasons))
      record(status, 'rejected', fix)
      return neptuneResponse(status, { requestId, code, detailedMessage }, requestId)
    }
  }
  return listenForTarget(answer, { target, now })
}

/** What a request can be the cause of; anything else is a defect of the stack. */
const toNeptuneRejection = (error: unknown): NeptuneRejected => {
  if (error instanceof NeptuneRejected) return error
  if (!(error instanceof PolicyError)) throw error
  return new NeptuneRejected(neptuneRejections.unsupported(`a policy of this request: ${error.message}`), [
    error.message,
  ])
}

const neptuneResponse = (status: number, body: unknown, requestId: string): WireResponse => ({
  status,
  // The second is the documented one of errors.
  headers: {
    'Content-Type': status === 200 ? 'application/json' : 'application/x-amz-json-1.0',
    'x-amzn-RequestId': requestId,
  },
  body: JSON.stringify(body),
})

const readForm = ({ body, rawHeaders }: WireRequest): URLSearchParams => {
  const type = headerValue({ rawHeaders }, 'content-type') ?? ''
  return new URLSearchParams(type.startsWith('application/x-www-form-urlencoded') ? Buffer.from(body).toString() : '')
}
