/** The task of a client: assume the caller role, if there is one, and call hello for Alice. */
export interface Journey {
  /** Whose keys the client starts with. */
  readonly keys: Keys
  /** The role to assume first. */
  readonly door?: { readonly roleArn: string; readonly externalId?: string }
  /** Replaces the secret of the session: a mistyped secret. */
  readonly secretInstead?: string
  /** The AWS endpoint: the stack, or a relay in front of it that changes requests. */
  readonly endpoint: string
  /** Below the endpoint: `/dev/hello`. */
  readonly path: string
  readonly functionName: string
  readonly region: string
  readonly service: string
}

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What the client shows to its user; status and error type if it shows them. */
export interface Outcome {
  readonly status?: number
  readonly errorType?: string
  readonly words: string
}

/** A foreign client, as its users would run it. */
export interface Client {
  readonly name: string
  /** It calls the REST API, or invokes the function through the Lambda API. */
  readonly calls: 'execute-api' | 'lambda'
  /** What it shows of every rejection besides the message; it may show more of STS errors. */
  readonly shows: readonly ('status' | 'errorType')[]
  readonly travel: (journey: Journey) => Promise<Outcome>
  /** Cases that do not apply to it, and why. */
  readonly cannot?: Readonly<Record<string, string>>
}

export const name = 'Alice'
