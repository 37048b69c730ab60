import { execFileSync } from 'node:child_process'
import { handler } from '../../functions/hello/handler.ts'
import { context, proxyEvent } from '../shared/http/lambda-events.ts'
import { type Measurement, median, spread } from './measurement.ts'

const repeats = 41

const batchOf = (count: number, name: (index: number) => string): string =>
  JSON.stringify({ data: Array.from({ length: count }, (_, index) => [index, name(index)]) })

const event = (body: string) => proxyEvent({ body, headers: { 'sf-external-function-format': 'json' } })

/** Milliseconds of one call; its line in the log would take longer than a small batch. */
const timeOf = async (call: () => unknown): Promise<number> => {
  const { log } = console
  console.log = () => {}
  const before = performance.now()
  await call()
  const after = performance.now()
  console.log = log
  return after - before
}

/** The warm handler and the bare JSON calls on the same bytes, turn by turn. */
const throughput = async (name: string, rows: number, body: string, budget: string): Promise<Measurement> => {
  const batch = event(body)
  const times = { hello: [] as number[], json: [] as number[] }
  for (let repeat = -10; repeat < repeats; repeat++) {
    const json = await timeOf(() => JSON.stringify(JSON.parse(body)))
    const hello = await timeOf(() => handler(batch, context()))
    if (repeat < 0) continue // warming up
    times.json.push(json)
    times.hello.push(hello)
  }
  const perSecond = (milliseconds: number) => `${Math.round(rows / milliseconds)}k rows/s`
  const ratio = (median(times.json) / median(times.hello)).toFixed(2)
  return {
    name,
    measured: `${perSecond(median(times.hello))}, ${median(times.hello).toFixed(2)} ms (${spread(times.hello)})`,
    comparison: `JSON.parse + JSON.stringify: ${median(times.json).toFixed(2)} ms (${spread(times.json)}); ${ratio} ×`,
    budget,
  }
}

/** Peak memory above the start of a process that processes one batch of 6 MB. */
const memory = (): Measurement => {
  const script = `
    import { measureMemory } from ${JSON.stringify(import.meta.filename)}
    await measureMemory()`
  const [before = 0, after = 0, bytes = 0] = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script]).toString().trim().split('\n').at(-1) ??
      '',
  )
  const megabytes = (kilobytes: number) => `${(kilobytes / 1024).toFixed(0)} MB`
  return {
    name: `memory for a batch of ${(bytes / 1_000_000).toFixed(1)} MB`,
    measured: `${megabytes(after - before)} more`,
    comparison: `${megabytes(before)} before it`,
    budget: '',
  }
}

/** Prints the greatest resident set before and after one batch, in kilobytes, and the length of the batch. */
export const measureMemory = async (): Promise<void> => {
  const batch = event(batchOf(20_000, (index) => `Alice ${index} ${'x'.repeat(268)}`))
  await handler(event(batchOf(1, () => 'Alice')), context())
  const { maxRSS: before } = process.resourceUsage()
  const { statusCode } = await handler(batch, context())
  if (statusCode !== 200) throw new Error(`answered ${statusCode}`)
  console.log(JSON.stringify([before, process.resourceUsage().maxRSS, batch.body?.length]))
}

/** Batches through hello: rows per second, and memory for the largest that fits into an event. */
export const benchRows = async (): Promise<Measurement[]> => [
  await throughput(
    'rows through hello, 10,000 names',
    10_000,
    batchOf(10_000, (index) => `Alice ${index}`),
    '≥ 0.5 ×',
  ),
  await throughput(
    'the same, with a number that a double would change',
    10_000,
    batchOf(10_000, (index) => `Alice ${index}`).replace('[0,"Alice 0"]', '[0,12.30]'),
    '',
  ),
  memory(),
]
