import type { EnvironmentEnd } from './function-log.ts'
import type { ErrorDocument } from './runtime/runtime-channel.ts'
import type { SandboxOutcome } from './sandbox.ts'

export type FailedOutcome = Exclude<SandboxOutcome, { kind: 'ready' | 'response' }>

/** How the environment ended, for the platform's log; undefined where the failure is the handler's and it lives on. */
export const environmentEnd = (outcome: FailedOutcome): EnvironmentEnd | undefined => {
  if (outcome.kind === 'error') return undefined
  if (outcome.kind === 'timeout') return { status: 'timeout' }
  return { status: 'error', errorType: outcome.kind === 'exit' ? 'Runtime.ExitError' : outcome.error.errorType }
}

/**
 * What the caller reads. The words of the platform are those that LocalStack recorded from Lambda
 * (https://github.com/localstack/localstack, tests/aws/services/lambda_/test_lambda.snapshot.json).
 */
export const invocationError = (
  outcome: FailedOutcome,
  { requestId, timeout }: { readonly requestId: string; readonly timeout: number },
): ErrorDocument => {
  switch (outcome.kind) {
    case 'timeout':
      return {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeout.toFixed(2)} seconds`,
      }
    case 'exit':
      return {
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reason(outcome)}`,
      }
    default:
      return outcome.error
  }
}

const reason = ({ code, signal }: Extract<SandboxOutcome, { kind: 'exit' }>): string => {
  if (signal) return `with error: signal: ${signalNames.get(signal) ?? signal}`
  return code ? `with error: exit status ${code}` : 'without providing a reason'
}

/** The platform names signals as Go does: https://pkg.go.dev/syscall#Signal.String */
const signalNames = new Map<string, string>([
  ['SIGABRT', 'aborted'],
  ['SIGBUS', 'bus error'],
  ['SIGILL', 'illegal instruction'],
  ['SIGINT', 'interrupt'],
  ['SIGKILL', 'killed'],
  ['SIGSEGV', 'segmentation fault'],
  ['SIGTERM', 'terminated'],
  ['SIGTRAP', 'trace/breakpoint trap'],
])
