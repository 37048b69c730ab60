import { setTimeout } from 'node:timers/promises'
import { toServiceError } from '../../shared/errors/index.ts'
import type { Story } from '../../shared/http/index.ts'
import { environment } from '../../shared/settings.ts'
import { assembleProbe } from './assemble.ts'

/** The probe as a container: once, with an exit code, or at an interval until SIGTERM. */
const { SNOWFLAKE_PROBE_EVERY_SECONDS: every } = environment()

/** Milliseconds: API Gateway's timeout does not apply to a task. A longer login counts as failed. */
const lasts = 60_000

const probeOnce = async (story: Story): Promise<boolean> => {
  const until = performance.now() + lasts
  try {
    const remainingMilliseconds = () => Math.floor(until - performance.now())
    const answer = await story({}, { callerArn: undefined, remainingMilliseconds })
    console.log(JSON.stringify(answer))
    return true
  } catch (thrown) {
    const { code, message, cause } = toServiceError(thrown)
    console.log(JSON.stringify({ error: { code, message }, ...(cause instanceof Error && { cause: cause.message }) }))
    return false
  }
}

const run = async (): Promise<void> => {
  const story = assembleProbe(environment())
  if (every === undefined) {
    // Process 1 of a container ignores signals without a listener.
    process.once('SIGTERM', () => process.exit(143))
    if (!(await probeOnce(story))) process.exitCode = 1
    return
  }
  if (!/^[1-9]\d{0,5}$/.test(every))
    throw new TypeError('SNOWFLAKE_PROBE_EVERY_SECONDS must be a whole number of seconds.')
  const stop = new AbortController()
  const end = () => {
    stop.abort()
    // A running login may take longer than ECS waits.
    globalThis.setTimeout(() => process.exit(), 10_000).unref()
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  while (!stop.signal.aborted) {
    await probeOnce(story)
    await setTimeout(Number(every) * 1_000, undefined, { signal: stop.signal }).catch(() => undefined)
  }
}

run().catch((thrown: unknown) => {
  console.error(thrown instanceof Error ? thrown.message : thrown)
  process.exitCode = 2
})
