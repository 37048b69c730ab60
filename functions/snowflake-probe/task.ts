import { setTimeout } from 'node:timers/promises'
import { toServiceError } from '../../shared/errors/index.ts'
import type { Story } from '../../shared/http/index.ts'
import { environment } from '../../shared/settings.ts'
import { assembleProbe } from './assemble.ts'

/** The probe as a container: once, ending by its result, or every so many seconds until it is told to stop. */
const { SNOWFLAKE_PROBE_EVERY_SECONDS: every } = environment()

/** Milliseconds: nobody waits for a task as API Gateway does, and a login that takes longer is a failed one. */
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
    // The first process of a container hears no signal that it does not listen for.
    process.once('SIGTERM', () => process.exit(143))
    if (!(await probeOnce(story))) process.exitCode = 1
    return
  }
  if (!/^[1-9]\d{0,5}$/.test(every)) throw new TypeError('SNOWFLAKE_PROBE_EVERY_SECONDS is a whole number of seconds.')
  const stop = new AbortController()
  const end = () => {
    stop.abort()
    // A login under way may last longer than ECS waits.
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
