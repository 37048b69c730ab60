/** The vocabulary of the local Lambda. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */

/** One function as the template declares it, with its deployment package unpacked. */
export interface LambdaFunction {
  readonly name: string
  readonly arn: string
  /** `functions/hello/handler.handler`: the path of a module in the package, without its extension, and an export of it. */
  readonly handler: string
  /** `nodejs24.x`; any other is refused when the runner is made. */
  readonly runtime: string
  /** MB */
  readonly memorySize: number
  /** Seconds */
  readonly timeout: number
  readonly environment: Readonly<Record<string, string>>
  /** The unpacked package, an absolute path: what `/var/task` is on Lambda. */
  readonly codeDirectory: string
}

export interface RoleCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
}

export interface Invocation {
  /** The event, as JSON text; handed over as it stands, so that no number is rounded on the way. */
  readonly payload: string
  readonly requestId: string
  /** `Root=1-…`: what the function finds in `_X_AMZN_TRACE_ID`. */
  readonly traceId: string
  /** JSON text, no longer base64. */
  readonly clientContext?: string
  /** Present when the caller spelled it: the function then sees its ARN with it. */
  readonly qualifier?: '$LATEST'
}

export interface InvocationResult {
  /** JSON text: the function's value, or a document with `errorType` and `errorMessage`. */
  readonly payload: string
  readonly functionError?: 'Unhandled'
  /** The `errorType` of the document. */
  readonly errorType?: string
  /** The last 4 KB of what CloudWatch would show of this invocation. */
  readonly logTail: string
  readonly durationMs: number
  /** Only where this invocation started the environment and its first initialization succeeded. */
  readonly initDurationMs?: number
}

export interface LogEntry {
  readonly functionName: string
  /** Absent for what a function writes while it initializes or between two invocations. */
  readonly requestId?: string
  /** `platform`: START, END, REPORT and their like, which Lambda writes itself. */
  readonly stream: 'stdout' | 'stderr' | 'platform'
  /** One event as CloudWatch keeps it: without its final newline, but a message of several lines stays one. */
  readonly line: string
}

export interface LambdaRunner {
  /**
   * Runs one invocation to its end. What the function does wrong is a result with `functionError`; the promise rejects
   * only for what no function can cause: an unknown name, a package that is not there, a stack that is stopping.
   */
  readonly invoke: (functionName: string, invocation: Invocation) => Promise<InvocationResult>
  /** Ends every environment, busy ones too, and resolves when their processes are gone. */
  readonly stop: () => Promise<void>
}
