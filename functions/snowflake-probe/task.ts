import { setTimeout } from 'node:timers/promises'
import { processEnvironment } from '../../shared/aws/lambda-environment.ts'
import { toServiceError } from '../../shared/errors/service-error.ts'
import type { Handler } from '../../shared/http/index.ts'
import { createProbeHandler } from './create-probe-handler.ts'

/** The probe as a container: once, with an exit code, or at an interval until SIGTERM. */
const { SNOWFLAKE_PROBE_EVERY_SECONDS: intervalSeconds } = processEnvironment()

/** Milliseconds: API Gateway's timeout does not apply to a task. A longer login counts as failed. */
const probeTimeoutMs = 60_000

const probeOnce = async (handle: Handler): Promise<boolean> => {
  const deadline = performance.now() + probeTimeoutMs
  try {
    const remainingMilliseconds = () => Math.floor(deadline - performance.now())
    const result = await handle({}, { callerArn: undefined, remainingMilliseconds })
    console.log(JSON.stringify(result))
    return true
  } catch (thrown) {
    const { code, message, cause } = toServiceError(thrown)
    console.log(JSON.stringify({ error: { code, message }, ...(cause instanceof Error && { cause: cause.message }) }))
    return false
  }
}

const run = async (): Promise<void> => {
  const handle = createProbeHandler(processEnvironment())
  if (intervalSeconds === undefined) {
    // Process 1 of a container ignores signals without a listener.
    process.once('SIGTERM', () => process.exit(143))
    if (!(await probeOnce(handle))) process.exitCode = 1
    return
  }
  if (!/^[1-9]\d{0,5}$/.test(intervalSeconds))
    throw new TypeError('SNOWFLAKE_PROBE_EVERY_SECONDS must be a whole number of seconds.')
  const stop = new AbortController()
  const shutDown = () => {
    stop.abort()
    // A running login may take longer than ECS waits.
    globalThis.setTimeout(() => process.exit(), 10_000).unref()
  }
  process.once('SIGTERM', shutDown)
  process.once('SIGINT', shutDown)
  while (!stop.signal.aborted) {
    await probeOnce(handle)
    await setTimeout(Number(intervalSeconds) * 1_000, undefined, { signal: stop.signal }).catch(() => undefined)
  }
}

run().catch((thrown: unknown) => {
  console.error(thrown instanceof Error ? thrown.message : thrown)
  process.exitCode = 2
})
