import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { handler } from '../../functions/invoke/handler.ts'
import { serializeTargets, targetsVariable } from '../../shared/access/targets/index.ts'
import { context } from '../shared/http/lambda-events.ts'
import { type Measurement, median, spread } from './measurement.ts'

const repeats = 31
const calls = 100

const millisecondsOf = async (call: () => Promise<unknown>): Promise<number> => {
  const { log } = console
  console.log = () => {}
  const before = performance.now()
  for (let done = 0; done < calls; done++) await call()
  const after = performance.now()
  console.log = log
  return (after - before) / calls
}

/** A warm invocation, signature and all, beside a bare fetch of the same target on loopback, turn by turn. */
export const benchInvoke = async (): Promise<Measurement[]> => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"healthy"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
  const target = {
    url,
    service: 'neptune-db',
    region: 'eu-central-1',
    allow: ['GET /status'],
    allowPrivate: true as const,
  }
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE000000001',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    AWS_SESSION_TOKEN: 't'.repeat(400),
    [targetsVariable]: serializeTargets(new Map([['graph', target]])),
  })
  const invoke = async () => {
    const { statusCode } = await handler({ target: 'graph', path: '/status' }, context())
    if (statusCode !== 200) throw new Error(`invoke answered ${statusCode}`)
  }
  const bare = async () => (await fetch(`${url}/status`)).json()
  const times = { invoke: [] as number[], bare: [] as number[] }
  for (let repeat = -3; repeat < repeats; repeat++) {
    const ofBare = await millisecondsOf(bare)
    const ofInvoke = await millisecondsOf(invoke)
    if (repeat < 0) continue // warming up
    times.bare.push(ofBare)
    times.invoke.push(ofInvoke)
  }
  server.closeAllConnections()
  server.close()
  const ratio = median(times.invoke.map((time, index) => time / (times.bare[index] ?? Number.NaN)))
  return [
    {
      name: 'a warm invoke',
      measured: `${median(times.invoke).toFixed(3)} ms (${spread(times.invoke)})`,
      comparison: `fetch of the same target: ${median(times.bare).toFixed(3)} ms (${spread(times.bare)}); ${ratio.toFixed(2)} of it`,
      budget: '',
    },
  ]
}
