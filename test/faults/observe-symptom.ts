import { randomUUID } from 'node:crypto'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type Credentials, sign } from '../local/running-stack.ts'
import type { ConfiguredStack } from './configured-stack.ts'

/** What a user of the system meets: a status, and what was said, in one text. */
export interface Observation {
  /** Of HTTP; of statements 200 where they ran, and 422 where Snowflake refused one. */
  readonly status: number
  readonly errorType?: string | undefined
  readonly message: string
}

export type Observe = (stack: ConfiguredStack) => Promise<Observation>

const observationOf = (error: unknown): Observation => {
  if (!(error instanceof Error)) throw error
  const status: unknown = Reflect.get(Reflect.get(error, '$metadata') ?? {}, 'httpStatusCode')
  return { status: typeof status === 'number' ? status : 0, errorType: error.name, message: error.message }
}

const clientOf = ({ url }: ConfiguredStack, { accessKeyId, secretAccessKey, sessionToken }: Credentials) => ({
  endpoint: url,
  region: 'eu-central-1',
  maxAttempts: 1,
  credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
})

/** The credentials that a caller signs with: those of its caller role, if it has one. */
const keysOf = async (stack: ConfiguredStack, as: string): Promise<Credentials> => {
  const identity = await stack.stack.identity(as)
  if (identity.callerRoleArn === undefined) return identity
  const { Credentials: issued } = await new STSClient(clientOf(stack, identity)).send(
    new AssumeRoleCommand({ RoleArn: identity.callerRoleArn, RoleSessionName: 'observer' }),
  )
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken,
  }
}

/** A request to the API, by a caller of the map. */
export const calling =
  (path: string, input: unknown = {}, as = 'analytics', method = 'POST'): Observe =>
  async (stack) => {
    try {
      const keys = await keysOf(stack, as)
      const host = new URL(stack.url).host
      const sent = { method, path: `/dev${path}`, ...(method === 'GET' ? {} : { body: JSON.stringify(input) }) }
      const signed = sign(sent, keys, { host })
      const response = await fetch(`${stack.url}${signed.path}`, {
        method,
        headers: signed.headers ?? {},
        ...(sent.body !== undefined && { body: sent.body }),
      })
      return {
        status: response.status,
        errorType: response.headers.get('x-amzn-errortype') ?? undefined,
        message: await response.text(),
      }
    } catch (error) {
      return observationOf(error)
    }
  }

export const probing = calling('/snowflake-probe')

export const invokingTarget = calling('/invoke', { target: 'graph', path: '/status' })

/** Past the API. */
export const invokingFunction: Observe = async (stack) => {
  try {
    const lambda = new LambdaClient(clientOf(stack, await keysOf(stack, 'analytics')))
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: 'arn:aws:lambda:eu-central-1:111111111111:function:snowgate-dev-hello',
        Payload: '{"name":"Alice"}',
      }),
    )
    return { status: 200, errorType: FunctionError, message: Buffer.from(Payload ?? []).toString() }
  } catch (error) {
    return observationOf(error)
  }
}

/** Who STS takes the keys of `admin` for, that this machine has. */
export const callerIdentity: Observe = async (stack) => {
  try {
    const { Arn = '' } = await new STSClient(clientOf(stack, await stack.stack.identity('admin'))).send(
      new GetCallerIdentityCommand(),
    )
    return { status: 200, message: Arn }
  } catch (error) {
    return observationOf(error)
  }
}

/** Statements in the Snowflake account of the first caller. */
export const running =
  (sql: string): Observe =>
  async ({ stack }) => {
    const { results, failure } = await stack.runStatements({ session: randomUUID(), sql })
    if (failure) return { status: 422, errorType: failure.code, message: failure.message }
    return { status: 200, message: JSON.stringify(results.at(-1)?.rows) }
  }

export const greeting = running("SELECT snowgate.dev.hello('Alice')")
