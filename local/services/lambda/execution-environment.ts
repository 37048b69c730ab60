import { environmentEnd, type FailedOutcome, invocationError } from './function-error.ts'
import { createLogTail, endLine, initReportLine, reportLine, startLine } from './function-log.ts'
import type { Invocation, InvocationResult, LambdaFunction, LogEntry } from './lambda-function.ts'
import type { Sandbox, SandboxOutcome } from './sandbox.ts'

/** One simulated execution environment: it runs one invocation at a time, and what its module keeps, it keeps. */
export interface ExecutionEnvironment {
  readonly invoke: (invocation: Invocation) => Promise<InvocationResult>
  /** Whether another invocation may come: not after its process ended, nor close to the end of its credentials. */
  readonly usable: () => boolean
  readonly end: () => Promise<void>
}

interface ExecutionEnvironmentDependencies {
  readonly startSandbox: (onLine: (stream: 'stdout' | 'stderr', line: string) => void) => Sandbox
  readonly credentialsExpire: Date
  readonly log: (entry: LogEntry) => void
  readonly now: () => Date
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const initLimitMs = 10_000

/** Credentials must outlast the longest invocation, with this much to spare. */
const spareMs = 60_000

/**
 * Starts an environment. Unlike Lambda's it is not frozen between invocations: work left over goes on at once. Durations
 * are measured on the process's own steady clock, whatever time the stack pretends it is.
 */
export const createExecutionEnvironment = (
  fn: LambdaFunction,
  { startSandbox, credentialsExpire, log, now }: ExecutionEnvironmentDependencies,
): ExecutionEnvironment => {
  let requestId: string | undefined
  let tail = createLogTail()
  const write = (stream: LogEntry['stream'], line: string) => {
    tail.add(line)
    log({ functionName: fn.name, ...(requestId !== undefined && { requestId }), stream, line })
  }

  let sandbox = startSandbox(write)
  let initialized = false
  let isStopping = false
  let peakMemory = 0
  const nextOutcome = async (withinMs: number): Promise<SandboxOutcome> => {
    const outcome = await sandbox.next(withinMs)
    if ('memory' in outcome) peakMemory = Math.max(peakMemory, outcome.memory)
    return outcome
  }

  /** Milliseconds, or the failure. */
  const initialize = async (withinMs: number, phase: 'init' | 'invoke'): Promise<number | FailedOutcome> => {
    const elapsed = stopwatch()
    const outcome = await nextOutcome(withinMs)
    if (outcome.kind === 'response') throw new TypeError('the runtime answered before it was asked')
    if (outcome.kind === 'ready') {
      initialized = true
      return elapsed()
    }
    const end = environmentEnd(outcome)
    if (end) write('platform', initReportLine(elapsed(), phase, end))
    return outcome
  }

  const runInvocation = async (invocation: Invocation, remaining: () => number): Promise<SandboxOutcome> => {
    if (!initialized) {
      // The first initialization failed or overran: Lambda tries again in the time of the invocation.
      await sandbox.kill()
      if (isStopping) throw new Error('the local stack is stopping')
      sandbox = startSandbox(write)
      const retryResult = await initialize(remaining(), 'invoke')
      if (typeof retryResult !== 'number') return retryResult
    }
    const { payload, requestId, traceId, clientContext, qualifier } = invocation
    sandbox.send({
      payload,
      requestId,
      traceId,
      invokedFunctionArn: qualifier ? `${fn.arn}:${qualifier}` : fn.arn,
      ...(clientContext !== undefined && { clientContext }),
      remainingMs: remaining(),
    })
    return nextOutcome(remaining())
  }

  const invoke = async (invocation: Invocation): Promise<InvocationResult> => {
    const init = initialized ? undefined : await initialize(initLimitMs, 'init')
    const initDurationMs = typeof init === 'number' ? init : undefined
    requestId = invocation.requestId
    tail = createLogTail()
    write('platform', startLine(requestId))

    const elapsed = stopwatch()
    const outcome = await runInvocation(invocation, () => Math.max(0, fn.timeout * 1_000 - elapsed()))
    const durationMs = elapsed()
    if (outcome.kind === 'ready') throw new TypeError('the runtime initialized twice')
    const failed = outcome.kind === 'response' ? undefined : outcome
    const end = failed && environmentEnd(failed)
    const error = failed && invocationError(failed, { requestId, timeout: fn.timeout })
    if (outcome.kind === 'exit' && error) write('platform', `${error.errorMessage}\n${error.errorType}`)
    if (outcome.kind === 'timeout') {
      write('platform', `${now().toISOString()} ${requestId} Task timed out after ${fn.timeout.toFixed(2)} seconds`)
    }
    write('platform', endLine(requestId))
    const measures = { requestId, durationMs, initDurationMs, memorySize: fn.memorySize, peakMemory, end }
    write('platform', reportLine(measures))
    requestId = undefined
    if (end) await sandbox.kill()
    return {
      payload: outcome.kind === 'response' ? outcome.payload : JSON.stringify(error),
      ...(error && { functionError: 'Unhandled', errorType: error.errorType }),
      logTail: tail.text(),
      durationMs,
      ...(initDurationMs !== undefined && { initDurationMs }),
    }
  }

  return {
    invoke,
    usable: () => sandbox.alive() && credentialsExpire.getTime() - now().getTime() > fn.timeout * 1_000 + spareMs,
    end: () => {
      isStopping = true
      return sandbox.kill()
    },
  }
}

const stopwatch = () => {
  const began = performance.now()
  return () => performance.now() - began
}
