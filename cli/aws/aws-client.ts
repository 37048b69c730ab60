import type * as z from 'zod'
import { InconclusiveError } from '../command-failure.ts'
import { parseJson } from '../parse-json.ts'
import type { AwsKeys } from './pasted-credentials.ts'

/** The account of the requests, with its keys and region. */
export interface AwsAccount {
  readonly keys: AwsKeys
  readonly region: string
  /** Absent: the SDK's default, or AWS_ENDPOINT_URL. */
  readonly endpoint: string | undefined
}

/** The settings as a client of the SDK takes them. A copy of the keys, since it writes into what it is given. */
export const clientConfig = ({ keys, region, endpoint }: AwsAccount) => ({
  region,
  credentials: { ...keys },
  ...(endpoint !== undefined && { endpoint }),
})

/**
 * Returns the answer of AWS, or undefined if the resource does not exist.
 * @throws InconclusiveError for any other error: it says nothing about the resource
 */
export const callAws = async <Answer>(
  operation: string,
  send: () => Promise<Answer>,
  isAbsent: (error: Error) => boolean = () => false,
): Promise<Answer | undefined> => {
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (isAbsent(error)) return undefined
    throw new InconclusiveError(`AWS rejected ${operation}: ${error.name}: ${error.message}`)
  }
}

export const hasErrorName =
  (...names: readonly string[]) =>
  ({ name }: Error): boolean =>
    names.includes(name)

/** Parses a document within an answer. @throws InconclusiveError for an unknown format */
export const readDocument = <Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  documentName: string,
): z.output<Schema> => {
  const read = schema.safeParse(parseJson(text))
  if (read.success) return read.data
  throw new InconclusiveError(`${documentName} has an unknown format: ${read.error.issues[0]?.message ?? ''}`)
}
