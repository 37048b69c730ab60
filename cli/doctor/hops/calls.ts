import { isHttpRoute, type Route, type Stage, snowflakeNames } from '../../../shared/access/index.ts'
import { callerOfStack, send, throughTheDoor } from '../../call/index.ts'
import type { LocalStack } from '../../local-stack/index.ts'
import { AssumeRoleRefused, signRequest } from '../../signing/index.ts'
import { type Finding, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import type { Patient } from '../patient.ts'
import { judged } from './api.ts'

/**
 * The calls themselves, from their beginning to their end: what every hop before leaves open. Other accounts cannot be played
 * at AWS; there Snowflake is asked alone.
 */
export const calls = ({ callers }: Pick<Stage, 'callers'>): readonly Hop[] =>
  [...callers].flatMap(([name, { kind, routes }]): readonly Hop[] => {
    if (!routes.some(isGreeting)) return []
    return kind === 'snowflake'
      ? [
          {
            id: `call:${name}`,
            title: `hello in SQL (${name})`,
            needs: [`sql-functions:${name}`, ...onTheWay],
            check: (patient) => callInSql(name, patient),
          },
        ]
      : [
          {
            id: `call:${name}`,
            title: `POST /hello as ${name}`,
            needs: [...(kind === 'account' ? [`caller-role:${name}`] : []), ...onTheWay],
            check: (patient) => callAs(name, patient),
          },
        ]
  })

/** Whatever is broken there, the calls fail with. */
const onTheWay = ['api', 'permission:hello', 'function:hello']

const isGreeting = (route: Route): boolean => isHttpRoute(route) && route.method === 'POST' && route.path === '/hello'

const callInSql = async (name: string, patient: Patient): Promise<Finding> => {
  const { database, schema } = snowflakeNames(patient.order.stage, name)
  const answer = await patient.snowflake(name).ask(`SELECT "${database}"."${schema}"."HELLO"('Alice')`)
  if ('refusal' in answer) return judged(answer.refusal, patient)
  const value = answer.value ?? 'NULL'
  // A row that failed has its error as its value.
  return /^\{\s*"error"/.test(value) ? judged(value, patient) : passed(value)
}

const callAs = async (name: string, patient: Patient): Promise<Finding> => {
  const { world } = patient.order
  if (world.kind === 'aws') return passed('not tested: needs credentials of that account')
  const { status, text } = await greeting(world.stack, name)
  return status < 400 ? passed(text) : judged(text, patient)
}

const greeting = async (stack: LocalStack, name: string) => {
  const identity = await stack.identity(name)
  const caller = callerOfStack(identity)
  const { region, endpoints } = identity
  try {
    const keys = caller.door
      ? await throughTheDoor(caller, caller.door, { sessionName: 'snowgate-doctor', region })
      : caller.keys
    const request = {
      method: 'POST',
      url: new URL(`${endpoints.api}/hello`),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"name":"Alice"}'),
    }
    const { status, body } = await send(await signRequest(request, keys, { service: 'execute-api', region }))
    return { status, text: body.toString() }
  } catch (error) {
    if (!(error instanceof AssumeRoleRefused)) throw error
    return { status: error.status, text: error.message }
  }
}
