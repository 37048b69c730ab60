import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type AwsAccount, clientConfig } from './aws-client.ts'

/** The answer of STS in one region. */
export interface CallerIdentity {
  /** Absent if STS rejected the request. */
  readonly identity?: { readonly arn: string; readonly accountId: string }
  /** `InvalidClientTokenId`, or the code of what kept the question from getting there. */
  readonly rejection?: { readonly code: string; readonly message: string; readonly status: number | undefined }
  /** Milliseconds by which the clock here is ahead of that of STS; absent when it did not answer. */
  readonly clockAheadMs?: number
}

export const callerIdentity = async (account: AwsAccount): Promise<CallerIdentity> => {
  const sts = new STSClient({ ...clientConfig(account), maxAttempts: 1 })
  let clockAheadMs: number | undefined
  sts.middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args)
      const date = dateOf(answered.response)
      if (date !== undefined) clockAheadMs = Date.now() - date
      return answered
    },
    // Before the SDK turns a rejection into an error without its response.
    { step: 'deserialize', priority: 'low' },
  )
  const clockDifference = () => (clockAheadMs === undefined ? {} : { clockAheadMs })
  try {
    const { Arn: arn = '', Account: accountId = '' } = await sts.send(new GetCallerIdentityCommand())
    return { identity: { arn, accountId }, ...clockDifference() }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { rejection: { code: error.name, message: error.message, status: statusOf(error) }, ...clockDifference() }
  } finally {
    sts.destroy()
  }
}

const dateOf = (response: unknown): number | undefined => {
  const headers = property(response, 'headers')
  const date = property(headers, 'date')
  return typeof date === 'string' && !Number.isNaN(Date.parse(date)) ? Date.parse(date) : undefined
}

const statusOf = (error: Error): number | undefined => {
  const status = property(property(error, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : undefined
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
