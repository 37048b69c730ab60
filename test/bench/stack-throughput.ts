import { Agent, request as httpRequest } from 'node:http'
import aws4 from 'aws4'
import type { StackIdentity } from '../local/running-stack.ts'
import { type Measurement, median, spread } from './measurement.ts'
import { startStackProcess } from './stack-process.ts'

const starts = 7
const rounds = 5
const requestsPerRound = 2_000
const concurrency = 16

/** Template to ready; then signed requests through every check into the warm function, one after another and side by side. */
export const benchStack = async (packageDirectory: string): Promise<Measurement[]> => {
  const startTimes: number[] = []
  for (let repeat = 0; repeat < starts; repeat++) {
    const running = await startStackProcess(packageDirectory)
    startTimes.push(running.milliseconds)
    await running.stop()
  }

  const running = await startStackProcess(packageDirectory)
  const found = await fetch(`${running.url}/_snowgate/identities/reporting`)
  const reporting = (await found.json()) as StackIdentity // the stack's own answer
  const { accessKeyId, secretAccessKey, sessionToken } = reporting
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  const { host, port } = new URL(running.url)
  const body = '{"name":"Alice"}'
  // Signed beforehand: a client's signature is not the stack's time.
  const sign = () =>
    aws4.sign(
      {
        host,
        method: 'POST',
        path: '/dev/hello',
        service: 'execute-api',
        region: reporting.region,
        headers: { 'Content-Type': 'application/json' },
        body,
      },
      keys,
    ).headers
  const call = (headers: Record<string, string> | undefined) =>
    new Promise<number>((resolve, reject) => {
      const before = performance.now()
      const outgoing = httpRequest(
        { agent, host: '127.0.0.1', port, method: 'POST', path: '/dev/hello', headers },
        (incoming) => {
          incoming.resume()
          incoming.on('end', () => {
            if (incoming.statusCode !== 200) reject(new Error(`answered ${incoming.statusCode}`))
            else resolve(performance.now() - before)
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  const worker = async (queue: (Record<string, string> | undefined)[], latencies: number[]) => {
    for (let headers = queue.pop(); headers; headers = queue.pop()) latencies.push(await call(headers))
  }
  const round = async (workers: number) => {
    const queue = Array.from({ length: requestsPerRound }, sign)
    const latencies: number[] = []
    const before = performance.now()
    await Promise.all(Array.from({ length: workers }, () => worker(queue, latencies)))
    return { perSecond: (1_000 * requestsPerRound) / (performance.now() - before), latency: median(latencies) }
  }

  await round(concurrency) // warms up the function's environments
  const alone = []
  const together = []
  for (let repeat = 0; repeat < rounds; repeat++) {
    alone.push(await round(1))
    together.push(await round(concurrency))
  }
  agent.destroy()
  await running.stop()

  const perSecond = (found: { perSecond: number }[]) => found.map((one) => one.perSecond)
  const latency = (found: { latency: number }[]) => found.map((one) => one.latency)
  return [
    {
      name: 'local stack, compiled template to ready',
      measured: `${median(startTimes).toFixed(0)} ms (${spread(startTimes)})`,
      comparison: '',
      budget: '≤ 1 s',
    },
    {
      name: `signed requests per second, ${concurrency} side by side`,
      measured: `${median(perSecond(together)).toFixed(0)}/s (${spread(perSecond(together))})`,
      comparison: `median latency ${median(latency(together)).toFixed(2)} ms`,
      budget: '',
    },
    {
      name: 'signed requests per second, one after another',
      measured: `${median(perSecond(alone)).toFixed(0)}/s (${spread(perSecond(alone))})`,
      comparison: `median latency ${median(latency(alone)).toFixed(2)} ms`,
      budget: '',
    },
  ]
}
