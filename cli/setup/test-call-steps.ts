import { type Caller, routeText, type Stage, snowflakeNames } from '../../shared/access/index.ts'
import { assumeCallerRole, callerForIdentity } from '../call/caller-credentials.ts'
import { sendRequest } from '../call/send-request.ts'
import { signRequest } from '../call/sign-request.ts'
import { CommandFailure, exitCodeOf } from '../command-failure.ts'
import { nextSteps } from '../deploy/next-steps.ts'
import { hintFor } from '../error-hint.ts'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import { StatementRejected, singleStatementRunner } from '../snowflake/snowflake-connection.ts'
import { retryUntil } from './retry-until.ts'
import { hasRoute, type SetupContext } from './setup-context.ts'
import { notApplicable, type SetupStep, type TestCallResult, testCall } from './setup-step.ts'

/** Snowflake calls the service. Its trust takes effect with a delay that only a call can detect. */
export const externalFunctionStep = (setup: SetupContext): SetupStep => ({
  title: 'Test call: external function',
  inspect: async () => helloStep(setup, 'HELLO', '/hello', 'Snowflake can assume the caller role'),
})

export const udfStep = (setup: SetupContext): SetupStep => ({
  title: 'Test call: Python function',
  inspect: async () => helloStep(setup, 'HELLO_UDF', '/hello', 'the API accepts the session of the Python function'),
})

const helloStep = (setup: SetupContext, name: string, path: string, until: string) => {
  if (!hasRoute(setup, path)) return notApplicable(`caller ${setup.callerName} has no route POST ${path}`)
  return selectStep(setup, statementOf(setup, name, "'Alice'"), until)
}

const statementOf = ({ stageName, callerName }: SetupContext, name: string, argument = ''): string => {
  const { database, schema } = snowflakeNames(stageName, callerName)
  // None of these names needs quotation marks.
  return `SELECT ${[database, schema, name].join('.').toLowerCase()}(${argument}) AS answer`
}

const selectStep = ({ snowflake, retry, flags }: SetupContext, statement: string, until: string) => {
  if (!snowflake) return notApplicable(`run in a worksheet: ${statement}`)
  return testCall(async (progress): Promise<TestCallResult> => {
    try {
      const { rows } = await retryUntil(() => rejectOnError(singleStatementRunner(snowflake)(statement)), {
        ...retry,
        print: progress,
        waitingFor: until,
      })
      return { answer: rows[0]?.[0] ?? 'NULL' }
    } catch (error) {
      // The local Snowflake runs Python functions only if the machine has Python.
      if (error instanceof LocalPythonMissing)
        return { reason: `${error.message}\n    snowgate sql${flags.backend} "${statement}"` }
      throw error
    }
  })
}

class LocalPythonMissing extends Error {}

/** Throws with the usual fix. The result of a failed row is an error object of the service. */
const rejectOnError = async (pendingResult: Promise<Awaited<ReturnType<ReturnType<typeof singleStatementRunner>>>>) => {
  const result = await pendingResult.catch((error: unknown) => {
    if (!(error instanceof StatementRejected)) throw error
    if (error.isLimit) throw new LocalPythonMissing(error.message)
    throw new CommandFailure(error.message, fixOptions(error.message))
  })
  const answer = result.rows[0]?.[0] ?? ''
  if (/^\s*\{\s*"error"/.test(answer)) throw new CommandFailure(`The service returned ${answer}`, fixOptions(answer))
  return result
}

const fixOptions = (errorText: string) => {
  const remedy = hintFor(errorText)
  return remedy === undefined ? {} : { remedy }
}

/** A call from another account: on the local stack as the first caller with the route; on AWS, the command is printed. */
export const otherAccountStep = (setup: SetupContext): SetupStep => {
  const stage = setup.map.stage()
  const other = otherCaller(stage, 'POST /hello')
  return {
    title: other ? `Test call: other account (${other.name})` : 'Test call: other account',
    inspect: async () => {
      if (!other) return notApplicable('no caller in another account has POST /hello')
      const { stack, target, stageName, flags, retry } = setup
      if (stack) {
        return testCall(async (progress) => {
          const waiting = { ...retry, print: progress, waitingFor: 'the policies take effect' }
          return { answer: await retryUntil(() => callAs(other.name, stack, '/hello', { name: 'Alice' }), waiting) }
        })
      }
      const deployed = await target.deployedService()
      const next = deployed && nextSteps({ stage, stageName, flags: [flags.access.trim()], deployed })
      const command = next?.find(({ caller }) => caller === other.name)?.command ?? ''
      return notApplicable(`run with the caller's credentials: ${command}`)
    },
  }
}

/** The probe logs in to Snowflake and returns its user. */
export const loginStep = (setup: SetupContext): SetupStep => ({
  title: 'Test call: Snowflake login',
  inspect: async () => {
    const { map, stack, stageName, retry } = setup
    const stage = map.stage()
    if (!stage.snowflake) return notApplicable(`stage ${stageName} has no Snowflake login`)
    const other = otherCaller(stage, 'POST /snowflake-probe')
    const until = 'the login takes effect'
    if (hasRoute(setup, '/snowflake-probe')) return selectStep(setup, statementOf(setup, 'SNOWFLAKE_PROBE'), until)
    if (!stack || !other) return notApplicable('call it as a caller with POST /snowflake-probe')
    return testCall(async (progress) => ({
      answer: await retryUntil(() => callAs(other.name, stack, '/snowflake-probe', {}), {
        ...retry,
        print: progress,
        waitingFor: until,
      }),
    }))
  },
})

const otherCaller = (
  { callers }: Stage,
  route: string,
): { readonly name: string; readonly caller: Caller } | undefined =>
  [...callers]
    .map(([name, caller]) => ({ name, caller }))
    .find(({ caller }) => caller.kind !== 'snowflake' && caller.routes.some((one) => routeText(one) === route))

const callAs = async (name: string, stack: LocalStackClient, path: string, input: unknown): Promise<string> => {
  const identity = await stack.identity(name)
  const { region, endpoints } = identity
  const caller = callerForIdentity(identity)
  const session = { sessionName: 'snowgate-setup', region }
  const keys = caller.callerRole ? await assumeCallerRole(caller, caller.callerRole, session) : caller.keys
  const request = {
    method: 'POST',
    url: new URL(endpoints.api + path),
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(input)),
  }
  const { status, body } = await sendRequest(await signRequest(request, keys, { service: 'execute-api', region }))
  const bodyText = body.toString()
  if (status < 400) return bodyText
  throw new CommandFailure(`POST ${path} returned ${status}: ${bodyText}`, {
    exitCode: exitCodeOf(status),
    ...fixOptions(bodyText),
  })
}
