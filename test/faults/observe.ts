import { randomUUID } from 'node:crypto'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type Credentials, sign } from '../local/running-stack.ts'
import type { ConfiguredStack } from './configured-stack.ts'

/** What a user of the system meets: a status, and what was said, in one text. */
export interface Met {
  /** Of HTTP; of statements 200 where they ran, and 422 where Snowflake refused one. */
  readonly status: number
  readonly errorType?: string | undefined
  readonly says: string
}

export type Observe = (stack: ConfiguredStack) => Promise<Met>

const met = (error: unknown): Met => {
  if (!(error instanceof Error)) throw error
  const status: unknown = Reflect.get(Reflect.get(error, '$metadata') ?? {}, 'httpStatusCode')
  return { status: typeof status === 'number' ? status : 0, errorType: error.name, says: error.message }
}

const clientOf = ({ url }: ConfiguredStack, { accessKeyId, secretAccessKey, sessionToken }: Credentials) => ({
  endpoint: url,
  region: 'eu-central-1',
  maxAttempts: 1,
  credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
})

/** The keys that a caller signs with: of its door where it has one. */
const keysOf = async (world: ConfiguredStack, as: string): Promise<Credentials> => {
  const identity = await world.stack.identity(as)
  if (identity.doorRoleArn === undefined) return identity
  const { Credentials: given } = await new STSClient(clientOf(world, identity)).send(
    new AssumeRoleCommand({ RoleArn: identity.doorRoleArn, RoleSessionName: 'observer' }),
  )
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken,
  }
}

/** A request to the API, by a caller of the map. */
export const calling =
  (path: string, input: unknown = {}, as = 'analytics', method = 'POST'): Observe =>
  async (world) => {
    try {
      const keys = await keysOf(world, as)
      const host = new URL(world.url).host
      const sent = { method, path: `/dev${path}`, ...(method === 'GET' ? {} : { body: JSON.stringify(input) }) }
      const signed = sign(sent, keys, { host })
      const response = await fetch(`${world.url}${signed.path}`, {
        method,
        headers: signed.headers ?? {},
        ...(sent.body !== undefined && { body: sent.body }),
      })
      return {
        status: response.status,
        errorType: response.headers.get('x-amzn-errortype') ?? undefined,
        says: await response.text(),
      }
    } catch (error) {
      return met(error)
    }
  }

export const probing = calling('/snowflake-probe')

export const invokingTarget = calling('/invoke', { target: 'graph', path: '/status' })

/** Past the API. */
export const invokingFunction: Observe = async (world) => {
  try {
    const lambda = new LambdaClient(clientOf(world, await keysOf(world, 'analytics')))
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: 'arn:aws:lambda:eu-central-1:111111111111:function:snowgate-dev-hello',
        Payload: '{"name":"Alice"}',
      }),
    )
    return { status: 200, errorType: FunctionError, says: Buffer.from(Payload ?? []).toString() }
  } catch (error) {
    return met(error)
  }
}

/** Who STS takes the keys of `admin` for, that this machine has. */
export const askingWho: Observe = async (world) => {
  try {
    const { Arn = '' } = await new STSClient(clientOf(world, await world.stack.identity('admin'))).send(
      new GetCallerIdentityCommand(),
    )
    return { status: 200, says: Arn }
  } catch (error) {
    return met(error)
  }
}

/** Statements in the Snowflake account of the first caller. */
export const running =
  (sql: string): Observe =>
  async ({ stack }) => {
    const { results, failure } = await stack.runStatements({ session: randomUUID(), sql })
    if (failure) return { status: 422, errorType: failure.code, says: failure.message }
    return { status: 200, says: JSON.stringify(results.at(-1)?.rows) }
  }

export const greeting = running("SELECT snowgate.dev.hello('Alice')")
