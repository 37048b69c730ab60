/** What the platform and the runtime in the child process say to each other. */

/** An invocation, as the runtime receives it. */
export interface Order {
  readonly payload: string
  readonly requestId: string
  readonly traceId: string
  readonly invokedFunctionArn: string
  readonly clientContext?: string
  /** Milliseconds until the function is timed out. */
  readonly remaining: number
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface ErrorDocument {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

export type Said =
  | { readonly kind: 'ready' }
  | { readonly kind: 'response'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: ErrorDocument }
  /** After these two the process exits. */
  | { readonly kind: 'init error'; readonly error: ErrorDocument }
  | { readonly kind: 'fatal error'; readonly error: ErrorDocument }

/** `memory`: MB that the process holds as it speaks, heap or not. */
export type Report = Said & { readonly memory: number }
