import { type Caller, routeText, type Stage, snowflakeNames } from '../../../shared/access/index.ts'
import { callerOfStack, send, throughTheDoor } from '../../call/index.ts'
import { CommandFailure } from '../../command-failure.ts'
import { nextSteps } from '../../deploy/index.ts'
import { hintFor } from '../../error-hint.ts'
import { exitCodeOf } from '../../exit-codes.ts'
import type { LocalStack } from '../../local-stack/index.ts'
import { signRequest } from '../../signing/index.ts'
import { runOne, StatementRefused } from '../../snowflake-connection/index.ts'
import { patiently } from '../patiently.ts'
import { hasRoute, type Setup } from '../setup.ts'
import { leftOut, type Step, type Tried, trying } from '../step.ts'

/** Snowflake itself calls. The trust may take a while to take effect, and nobody but Snowflake can see when. */
export const externalFunctionGreets = (setup: Setup): Step => ({
  title: 'Test call: external function',
  look: async () => greetingBy(setup, 'HELLO', '/hello', 'Snowflake can assume the caller role'),
})

export const udfGreets = (setup: Setup): Step => ({
  title: 'Test call: Python function',
  look: async () => greetingBy(setup, 'HELLO_UDF', '/hello', 'the API accepts the session of the Python function'),
})

const greetingBy = (setup: Setup, name: string, path: string, until: string) => {
  if (!hasRoute(setup, path)) return leftOut(`caller ${setup.callerName} has no route POST ${path}`)
  return selecting(setup, statementOf(setup, name, "'Alice'"), until)
}

const statementOf = ({ stageName, callerName }: Setup, name: string, argument = ''): string => {
  const { database, schema } = snowflakeNames(stageName, callerName)
  // As people write it: none of these names needs quotation marks.
  return `SELECT ${[database, schema, name].join('.').toLowerCase()}(${argument}) AS answer`
}

const selecting = ({ snowflake, patience, flags }: Setup, statement: string, until: string) => {
  if (!snowflake) return leftOut(`run in a worksheet: ${statement}`)
  return trying(async (progress): Promise<Tried> => {
    try {
      const { rows } = await patiently(() => answered(runOne(snowflake)(statement)), { ...patience, progress, until })
      return { greeting: rows[0]?.[0] ?? 'NULL' }
    } catch (error) {
      // The local one runs Python only where there is one.
      if (error instanceof Unrunnable)
        return { untried: `${error.message}\n    snowgate sql${flags.place} "${statement}"` }
      throw error
    }
  })
}

class Unrunnable extends Error {}

/** A refusal with what usually mends it; a row that failed is an answer of the service that says so. */
const answered = async (asked: Promise<Awaited<ReturnType<ReturnType<typeof runOne>>>>) => {
  const result = await asked.catch((error: unknown) => {
    if (!(error instanceof StatementRefused)) throw error
    if (error.isLimit) throw new Unrunnable(error.message)
    throw new CommandFailure(error.message, remedyOf(error.message))
  })
  const answer = result.rows[0]?.[0] ?? ''
  if (/^\s*\{\s*"error"/.test(answer)) throw new CommandFailure(`The service returned ${answer}`, remedyOf(answer))
  return result
}

const remedyOf = (words: string) => {
  const remedy = hintFor(words)
  return remedy === undefined ? {} : { remedy }
}

/** Another account enters through its door: in the local stack as the first that may, in AWS by a command for its people. */
export const otherAccountGreets = (setup: Setup): Step => {
  const stage = setup.map.stage()
  const other = otherCaller(stage, 'POST /hello')
  return {
    title: other ? `Test call: other account (${other.name})` : 'Test call: other account',
    look: async () => {
      if (!other) return leftOut('no caller in another account has POST /hello')
      const { stack, world, stageName, flags, patience } = setup
      if (stack) {
        return trying(async (progress) => {
          const waiting = { ...patience, progress, until: 'the policies take effect' }
          return { greeting: await patiently(() => calledAs(other.name, stack, '/hello', { name: 'Alice' }), waiting) }
        })
      }
      const deployed = await world.where()
      const next = deployed && nextSteps({ stage, stageName, flags: [flags.access.trim()], deployed })
      const command = next?.find(({ caller }) => caller === other.name)?.what ?? ''
      return leftOut(`run with the caller's credentials: ${command}`)
    },
  }
}

/** Test call: Snowflake login, and tells as whom. */
export const probeLogsIn = (setup: Setup): Step => ({
  title: 'Test call: Snowflake login',
  look: async () => {
    const { map, stack, stageName, patience } = setup
    const stage = map.stage()
    if (!stage.snowflake) return leftOut(`stage ${stageName} has no Snowflake login`)
    const other = otherCaller(stage, 'POST /snowflake-probe')
    const until = 'the login takes effect'
    if (hasRoute(setup, '/snowflake-probe')) return selecting(setup, statementOf(setup, 'SNOWFLAKE_PROBE'), until)
    if (!stack || !other) return leftOut('call it as a caller with POST /snowflake-probe')
    return trying(async (progress) => ({
      greeting: await patiently(() => calledAs(other.name, stack, '/snowflake-probe', {}), {
        ...patience,
        progress,
        until,
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

const calledAs = async (name: string, stack: LocalStack, path: string, input: unknown): Promise<string> => {
  const identity = await stack.identity(name)
  const { region, endpoints } = identity
  const caller = callerOfStack(identity)
  const session = { sessionName: 'snowgate-setup', region }
  const keys = caller.door ? await throughTheDoor(caller, caller.door, session) : caller.keys
  const request = {
    method: 'POST',
    url: new URL(endpoints.api + path),
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(input)),
  }
  const { status, body } = await send(await signRequest(request, keys, { service: 'execute-api', region }))
  const words = body.toString()
  if (status < 400) return words
  throw new CommandFailure(`POST ${path} returned ${status}: ${words}`, {
    exitCode: exitCodeOf(status),
    ...remedyOf(words),
  })
}
