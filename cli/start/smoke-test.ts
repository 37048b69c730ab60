import { z } from 'zod'
import { routeText, type Stage } from '../../shared/access/index.ts'
import { alignColumns } from '../align-columns.ts'
import { AssumeRoleRejected } from '../aws/assume-role.ts'
import { assumeCallerRole, callerForIdentity } from '../call/caller-credentials.ts'
import { headerOf, sendRequest } from '../call/send-request.ts'
import { signRequest } from '../call/sign-request.ts'
import type { LocalIdentity, LocalStackClient, RequestDecision } from '../local-stack/local-stack-client.ts'

/** Calls `POST /hello` as every local identity, and prints the result and the reason for a rejection. */
export const smokeTest = async (stack: LocalStackClient): Promise<string> => {
  const summaries = await stack.identities()
  const rows = await Promise.all(
    summaries.map(async ({ name }) => {
      const { status, message } = await callHello(await stack.identity(name), stack)
      return [`  ${status < 400 ? '✓' : '✗'} ${name}`, String(status), message]
    }),
  )
  return alignColumns(rows)
}

/** Calls each target through `POST /invoke` as the first caller with that route; undefined if there is none. */
export const smokeTestTargets = async (
  { callers, targets }: Stage,
  stack: LocalStackClient,
): Promise<{ readonly as: string; readonly rows: string } | undefined> => {
  const [as] = [...callers].find(([, { routes }]) => routes.some((route) => routeText(route) === 'POST /invoke')) ?? []
  const targetRequests = [...targets].flatMap(([name, { allow }]) => {
    const [rule] = allow.filter((one) => one.startsWith('GET '))
    // A pattern allows any segment.
    return rule === undefined ? [] : [{ target: name, path: rule.slice('GET '.length).replaceAll('*', '1') }]
  })
  if (as === undefined || targetRequests.length === 0) return undefined
  const identity = await stack.identity(as)
  const rows = await Promise.all(
    targetRequests.map(async (options) => {
      const { status, message } = await callAs(identity, stack, '/invoke', options)
      return [
        `  ${status < 400 ? '✓' : '✗'} ${options.target}`,
        `GET ${options.path}`,
        String(status),
        status < 400 ? renderInvokeAnswer(message) : message,
      ]
    }),
  )
  return { as, rows: alignColumns(rows) }
}

/** The target's status, and the beginning of its answer. */
const renderInvokeAnswer = (answerText: string): string => {
  const { success, data } = invokeAnswer.safeParse(JSON.parse(answerText))
  return success ? `${data.status} ${JSON.stringify(data.body).slice(0, 60)} …` : answerText
}

const invokeAnswer = z.object({ status: z.number(), body: z.unknown() })

interface CallResult {
  readonly status: number
  readonly message: string
}

const callHello = (identity: LocalIdentity, stack: LocalStackClient) =>
  callAs(identity, stack, '/hello', { name: 'Alice' })

const callAs = async (
  identity: LocalIdentity,
  stack: LocalStackClient,
  path: string,
  input: unknown,
): Promise<CallResult> => {
  const caller = callerForIdentity(identity)
  const { region } = identity
  try {
    const keys = caller.callerRole
      ? await assumeCallerRole(caller, caller.callerRole, { sessionName: 'snowgate-start', region })
      : caller.keys
    const request = {
      method: 'POST',
      url: new URL(identity.endpoints.api + path),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(input)),
    }
    const answer = await sendRequest(await signRequest(request, keys, { service: 'execute-api', region }))
    if (answer.status < 400) return { status: answer.status, message: answer.body.toString() }
    return { status: answer.status, message: await rejectionReason(headerOf(answer, 'x-amzn-requestid'), stack) }
  } catch (error) {
    if (!(error instanceof AssumeRoleRejected)) throw error
    return { status: error.status, message: await rejectionReason(error.requestId, stack) }
  }
}

const serviceTitles: Readonly<Record<string, string>> = { sts: 'AssumeRole', 'execute-api': 'API' }

/** The service, the check and the statement, in one line. `call --explain` prints every check. */
const rejectionReason = async (requestId: string | undefined, stack: LocalStackClient) => {
  const { service, steps }: RequestDecision = await stack.decision(requestId ?? '')
  const decisive = steps.findLast(({ outcome }) => outcome === 'failed')
  const reasonText = decisive && `${decisive.check}: ${decisive.source ? `${decisive.source} denies` : decisive.reason}`
  return `${serviceTitles[service] ?? service}, ${reasonText ?? 'unknown reason'}`
}
