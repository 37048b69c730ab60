/** The task of a client: assume the caller role, if there is one, and call hello for Alice. */
export interface ClientCall {
  /** The credentials that the client starts with. */
  readonly keys: ClientCredentials
  /** The role to assume first. */
  readonly callerRole?: { readonly roleArn: string; readonly externalId?: string }
  /** Replaces the secret of the session: a mistyped secret. */
  readonly secretOverride?: string
  /** The AWS endpoint: the stack, or a relay in front of it that changes requests. */
  readonly endpoint: string
  /** Below the endpoint: `/dev/hello`. */
  readonly path: string
  readonly functionName: string
  readonly region: string
  readonly service: string
}

export interface ClientCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The output of the client; status and error type if it shows them. */
export interface ClientResult {
  readonly status?: number
  readonly errorType?: string
  readonly message: string
}

/** A foreign client, as its users would run it. */
export interface Client {
  readonly name: string
  /** It calls the REST API, or invokes the function through the Lambda API. */
  readonly calls: 'execute-api' | 'lambda'
  /** The fields that it shows for every rejection besides the message; STS errors can have more. */
  readonly reportedFields: readonly ('status' | 'errorType')[]
  readonly run: (call: ClientCall) => Promise<ClientResult>
  /** Cases that do not apply to it, and why. */
  readonly unsupportedCases?: Readonly<Record<string, string>>
}

export const name = 'Alice'
