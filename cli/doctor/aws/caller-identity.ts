import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type Account, clientConfig } from './account.ts'

/** What STS said in one region. */
export interface CallerIdentity {
  /** Absent when it refused. */
  readonly identity?: { readonly arn: string; readonly accountId: string }
  /** `InvalidClientTokenId`, or the code of what kept the question from getting there. */
  readonly refusal?: { readonly code: string; readonly message: string; readonly status: number | undefined }
  /** Milliseconds by which the clock here is ahead of that of STS; absent when it did not answer. */
  readonly clockAhead?: number
}

export const callerIdentity = async (account: Account): Promise<CallerIdentity> => {
  const sts = new STSClient({ ...clientConfig(account), maxAttempts: 1 })
  let clockAhead: number | undefined
  sts.middlewareStack.add(
    (next) => async (args) => {
      const answered = await next(args)
      const date = dateOf(answered.response)
      if (date !== undefined) clockAhead = Date.now() - date
      return answered
    },
    // Before a refusal becomes an error, whose answer is out of reach.
    { step: 'deserialize', priority: 'low' },
  )
  const seen = () => (clockAhead === undefined ? {} : { clockAhead })
  try {
    const { Arn: arn = '', Account: accountId = '' } = await sts.send(new GetCallerIdentityCommand())
    return { identity: { arn, accountId }, ...seen() }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { refusal: { code: error.name, message: error.message, status: statusOf(error) }, ...seen() }
  } finally {
    sts.destroy()
  }
}

const dateOf = (response: unknown): number | undefined => {
  const headers = member(response, 'headers')
  const date = member(headers, 'date')
  return typeof date === 'string' && !Number.isNaN(Date.parse(date)) ? Date.parse(date) : undefined
}

const statusOf = (error: Error): number | undefined => {
  const status = member(member(error, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : undefined
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
