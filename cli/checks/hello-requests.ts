import { isHttpRoute, type Route, type Stage, snowflakeNames } from '../../shared/access/index.ts'
import { allMessages, causes, fillPlaceholders, recognize } from '../../shared/diagnoses/index.ts'
import { AssumeRoleRejected } from '../aws/assume-role.ts'
import { assumeCallerRole, callerForIdentity } from '../call/caller-credentials.ts'
import { sendRequest } from '../call/send-request.ts'
import { signRequest } from '../call/sign-request.ts'
import { InconclusiveError } from '../command-failure.ts'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type Finding, failed, passed } from './finding.ts'
import { parseFixStep } from './fixes.ts'

/** The API must reject an unsigned request with 403. Any other status fails: Snowflake would retry a 429 or 5xx for minutes. */
export const unsignedRequestCheck: Check = {
  id: 'api',
  title: 'unsigned request',
  needs: ['endpoint', 'routes', 'resource-policy'],
  inspect: async (context) => {
    const url = `${await apiUrlOf(context)}/hello`
    const answered = async () => {
      const response = await fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(10_000) })
      return { status: response.status, text: await response.text() }
    }
    const { status, text } = await answered().catch((error: unknown) => {
      throw new InconclusiveError(`cannot connect to ${url}: ${error instanceof Error ? error.message : String(error)}`)
    })
    if (status === 403) return passed('rejects unsigned requests (403)')
    return failureFromError(`${status} ${text}`, context)
  },
}

const apiUrlOf = async ({ options: { backend }, deployedApi }: DoctorContext): Promise<string> =>
  backend.kind === 'local' ? (await backend.stack.identity('admin')).endpoints.api : (await deployedApi()).url

/** The cause of an error text, as in `snowgate explain`. */
const failureFromError = (text: string, context: DoctorContext): Finding => {
  const [finding] = recognize({ text }, allMessages)
  const [cause] = finding?.message.causes ?? []
  if (!finding || cause === undefined) throw new InconclusiveError(text)
  const values = { stage: context.options.stage, ...finding.values }
  return failed(cause, { evidence: [text], fixes: [parseFixStep(fillPlaceholders(causes[cause].fix, values))] })
}

/**
 * Complete calls, for what the other checks do not cover. On AWS only Snowflake callers are checked: the credentials of
 * other accounts are not available.
 */
export const helloCallChecks = ({ callers }: Pick<Stage, 'callers'>): readonly Check[] =>
  [...callers].flatMap(([name, { kind, routes }]): readonly Check[] => {
    if (!routes.some(isHelloRoute)) return []
    return kind === 'snowflake'
      ? [
          {
            id: `call:${name}`,
            title: `hello in SQL (${name})`,
            needs: [`sql-functions:${name}`, ...commonNeeds],
            inspect: (context) => callHelloInSql(name, context),
          },
        ]
      : [
          {
            id: `call:${name}`,
            title: `POST /hello as ${name}`,
            needs: [...(kind === 'account' ? [`caller-role:${name}`] : []), ...commonNeeds],
            inspect: (context) => callHelloAs(name, context),
          },
        ]
  })

/** If one of these fails, the calls fail, too. */
const commonNeeds = ['api', 'permission:hello', 'function:hello']

const isHelloRoute = (route: Route): boolean => isHttpRoute(route) && route.method === 'POST' && route.path === '/hello'

const callHelloInSql = async (name: string, context: DoctorContext): Promise<Finding> => {
  const { database, schema } = snowflakeNames(context.options.stage, name)
  const answer = await context.snowflakeReader(name).runQuery(`SELECT "${database}"."${schema}"."HELLO"('Alice')`)
  if ('rejection' in answer) return failureFromError(answer.rejection, context)
  const value = answer.value ?? 'NULL'
  // A row that failed has its error as its value.
  return /^\{\s*"error"/.test(value) ? failureFromError(value, context) : passed(value)
}

const callHelloAs = async (name: string, context: DoctorContext): Promise<Finding> => {
  const { backend } = context.options
  if (backend.kind === 'aws') return passed('not tested: needs credentials of that account')
  const { status, text } = await callHello(backend.stack, name)
  return status < 400 ? passed(text) : failureFromError(text, context)
}

const callHello = async (stack: LocalStackClient, name: string) => {
  const identity = await stack.identity(name)
  const caller = callerForIdentity(identity)
  const { region, endpoints } = identity
  try {
    const keys = caller.callerRole
      ? await assumeCallerRole(caller, caller.callerRole, { sessionName: 'snowgate-doctor', region })
      : caller.keys
    const request = {
      method: 'POST',
      url: new URL(`${endpoints.api}/hello`),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"name":"Alice"}'),
    }
    const { status, body } = await sendRequest(await signRequest(request, keys, { service: 'execute-api', region }))
    return { status, text: body.toString() }
  } catch (error) {
    if (!(error instanceof AssumeRoleRejected)) throw error
    return { status: error.status, text: error.message }
  }
}
