import { z } from 'zod'
import { routeText, type Stage } from '../../shared/access/index.ts'
import { callerOfStack, headerOf, send, throughTheDoor } from '../call/index.ts'
import type { Decision, Identity, LocalStack } from '../local-stack/index.ts'
import { AssumeRoleRefused, signRequest } from '../signing/index.ts'
import { table } from '../table.ts'

/** Calls `POST /hello` as everybody on the map and tells who was let in, who was refused, by whom and why. */
export const rehearse = async (stack: LocalStack): Promise<string> => {
  const everybody = await stack.identities()
  const rows = await Promise.all(
    everybody.map(async ({ name }) => {
      const { status, said } = await knock(await stack.identity(name), stack)
      return [`  ${status < 400 ? '✓' : '✗'} ${name}`, String(status), said]
    }),
  )
  return table(rows)
}

/** Calls each target through `POST /invoke` as the first on the map who may; nothing where there is none. */
export const rehearseTargets = async (
  { callers, targets }: Stage,
  stack: LocalStack,
): Promise<{ readonly as: string; readonly rows: string } | undefined> => {
  const [as] = [...callers].find(([, { routes }]) => routes.some((route) => routeText(route) === 'POST /invoke')) ?? []
  const orders = [...targets].flatMap(([name, { allow }]) => {
    const [rule] = allow.filter((one) => one.startsWith('GET '))
    // A pattern is open for any segment.
    return rule === undefined ? [] : [{ target: name, path: rule.slice('GET '.length).replaceAll('*', '1') }]
  })
  if (as === undefined || orders.length === 0) return undefined
  const identity = await stack.identity(as)
  const rows = await Promise.all(
    orders.map(async (order) => {
      const { status, said } = await ask(identity, stack, '/invoke', order)
      return [
        `  ${status < 400 ? '✓' : '✗'} ${order.target}`,
        `GET ${order.path}`,
        String(status),
        status < 400 ? told(said) : said,
      ]
    }),
  )
  return { as, rows: table(rows) }
}

/** The target's own status, and how its answer begins. */
const told = (said: string): string => {
  const { success, data } = invoked.safeParse(JSON.parse(said))
  return success ? `${data.status} ${JSON.stringify(data.body).slice(0, 60)} …` : said
}

const invoked = z.object({ status: z.number(), body: z.unknown() })

interface Outcome {
  readonly status: number
  readonly said: string
}

const knock = (identity: Identity, stack: LocalStack) => ask(identity, stack, '/hello', { name: 'Alice' })

const ask = async (identity: Identity, stack: LocalStack, path: string, input: unknown): Promise<Outcome> => {
  const caller = callerOfStack(identity)
  const { region } = identity
  try {
    const keys = caller.door
      ? await throughTheDoor(caller, caller.door, { sessionName: 'snowgate-start', region })
      : caller.keys
    const request = {
      method: 'POST',
      url: new URL(identity.endpoints.api + path),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(input)),
    }
    const answer = await send(await signRequest(request, keys, { service: 'execute-api', region }))
    if (answer.status < 400) return { status: answer.status, said: answer.body.toString() }
    return { status: answer.status, said: await reason(headerOf(answer, 'x-amzn-requestid'), stack) }
  } catch (error) {
    if (!(error instanceof AssumeRoleRefused)) throw error
    return { status: error.status, said: await reason(error.requestId, stack) }
  }
}

const places: Readonly<Record<string, string>> = { sts: 'AssumeRole', 'execute-api': 'API' }

/** In one line: where, by which check, and because of which statement. `call --explain` tells the rest. */
const reason = async (requestId: string | undefined, stack: LocalStack) => {
  const { service, steps }: Decision = await stack.decision(requestId ?? '')
  const decisive = steps.findLast(({ outcome }) => outcome === 'failed')
  const why = decisive && `${decisive.check}: ${decisive.source ? `${decisive.source} denies` : decisive.because}`
  return `${places[service] ?? service}, ${why ?? 'unknown reason'}`
}
