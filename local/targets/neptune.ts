import { headerValue, type WireAnswer, type WireRequest } from '../http/index.ts'
import { evaluate, PolicyError, type Principal } from '../iam/index.ts'
import { decisionSteps, failedSteps, type JournalStep } from '../journal.ts'
import { requestContextKeys } from '../request-context.ts'
import { verify } from '../sigv4/index.ts'
import { engineStatus } from './engine-status.ts'
import { neptuneAction } from './neptune-actions.ts'
import { Refused, refusals } from './neptune-refusals.ts'
import { literalAnswer } from './open-cypher.ts'
import { listenFor, type StandIn, type StandInNeeds } from './stand-in.ts'
import { databaseArn } from './target-account.ts'

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
}: StandInNeeds): Promise<StandIn> => {
  const { region } = target
  const resource = databaseArn(target, accountId)
  const startTime = now()

  const pass = (request: WireRequest, about: { principal?: Principal; readonly steps: JournalStep[] }): unknown => {
    const verdict = verify(request, { service: 'neptune-db', region, clockSkewMinutes: 5, now, findKey })
    if (!verdict.verified) {
      const { check, explanation, remedy } = verdict.refusal
      about.steps.push(...failedSteps(check, explanation))
      throw new Refused(refusals.signature(verdict.refusal), [], remedy)
    }
    about.principal = verdict.owner
    const [path = '', query = ''] = request.target.split(/\?(.*)/s)
    const action = neptuneAction(request.method, path)
    if (action === undefined) {
      throw new Refused(refusals.unsupported(`${request.method} ${path} of Neptune`), ['it is not imitated'])
    }
    const decision = evaluate({
      principal: verdict.owner,
      action,
      resource,
      resourceAccount: accountId,
      context: {
        ...requestContextKeys(request, region, now()),
        ...(path === '/openCypher' && { 'neptune-db:QueryLanguage': 'OpenCypher' }),
      },
    })
    about.steps.push(...decisionSteps(decision))
    if (!decision.allowed) {
      throw new Refused(refusals.denied(verdict.owner.arn, action, resource, decision), [], decision.remedy)
    }
    if (path === '/status') return engineStatus(startTime)
    const parameters = request.method === 'POST' ? formOf(request) : new URLSearchParams(query)
    const cypher = parameters.get('query')
    if (cypher === null) throw new Refused(refusals.badRequest, ['there is no parameter query'], 'Send query=RETURN 1.')
    const answer = literalAnswer(cypher)
    if (!answer)
      throw new Refused(refusals.unsupported('this openCypher query'), ['it does more than return a literal'])
    return answer
  }

  const answer = async (request: WireRequest): Promise<WireAnswer> => {
    const requestId = identifiers.uuid()
    const about: { principal?: Principal; readonly steps: JournalStep[] } = { steps: [] }
    const record = (status: number, outcome: 'let in' | 'refused', remedy?: string) =>
      journal.record({
        requestId,
        service: 'neptune-db',
        status,
        outcome,
        steps: about.steps,
        request: `${request.method} ${request.target.split('?')[0]}`,
        ...(about.principal && { principal: about.principal.arn }),
        ...(remedy !== undefined && { remedy }),
      })
    try {
      const body = pass(request, about)
      record(200, 'let in')
      return jsonAnswer(200, body, requestId)
    } catch (error) {
      const { status, code, detailedMessage, because, remedy } = refusedFor(error)
      about.steps.push(...failedSteps('request', because))
      record(status, 'refused', remedy)
      return jsonAnswer(status, { requestId, code, detailedMessage }, requestId)
    }
  }
  return listenFor(answer, { target, now })
}

/** What a request can be the cause of; anything else is a defect of the stack. */
const refusedFor = (error: unknown): Refused => {
  if (error instanceof Refused) return error
  if (!(error instanceof PolicyError)) throw error
  return new Refused(refusals.unsupported(`a policy of this request: ${error.message}`), [error.message])
}

const jsonAnswer = (status: number, body: unknown, requestId: string): WireAnswer => ({
  status,
  // The second is the documented one of errors.
  headers: {
    'Content-Type': status === 200 ? 'application/json' : 'application/x-amz-json-1.0',
    'x-amzn-RequestId': requestId,
  },
  body: JSON.stringify(body),
})

const formOf = ({ body, rawHeaders }: WireRequest): URLSearchParams => {
  const type = headerValue({ rawHeaders }, 'content-type') ?? ''
  return new URLSearchParams(type.startsWith('application/x-www-form-urlencoded') ? Buffer.from(body).toString() : '')
}
