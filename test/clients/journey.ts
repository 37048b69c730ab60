/** What a client is asked to do: enter through a door, if there is one, and greet Alice. */
export interface Journey {
  /** Whose keys the client starts with. */
  readonly keys: Keys
  /** The role to assume first. */
  readonly door?: { readonly roleArn: string; readonly externalId?: string }
  /** What befalls the session on its way to the second step: a secret mistyped. */
  readonly secretInstead?: string
  /** Where AWS is: the stack, or a relay before it that changes what passes. */
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

/** What the client let its user know; status and type where it shows them. */
export interface Outcome {
  readonly status?: number
  readonly errorType?: string
  readonly words: string
}

/** A foreign client, as its users would run it. */
export interface Client {
  readonly name: string
  /** It posts to the REST API, or it invokes the function through the Lambda API. */
  readonly calls: 'execute-api' | 'lambda'
  /** What it lets its user see of every refusal beside the words; of those by STS it may show more. */
  readonly shows: readonly ('status' | 'errorType')[]
  readonly travel: (journey: Journey) => Promise<Outcome>
  /** Cases that it cannot be brought into, and why. */
  readonly cannot?: Readonly<Record<string, string>>
}

export const name = 'Alice'
