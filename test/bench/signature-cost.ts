import aws4 from 'aws4'
import { AwsV4Signer } from 'aws4fetch'
import { createRequestSigner } from '../../shared/aws/sign-request.ts'
import { type Measurement, median, spread } from './measurement.ts'

const repeats = 31
const signatures = 1_000

const credentials = {
  accessKeyId: 'ASIAEXAMPLE000000001',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 't'.repeat(400),
}
const scope = { service: 'neptune-db', region: 'eu-central-1' }
const body = JSON.stringify({ query: 'MATCH (n) RETURN n LIMIT 10' })
const request = { method: 'POST', host: 'db.example.com:8182', path: '/openCypher' }
const headers = { 'content-type': 'application/json' }

const microseconds = async (sign: () => unknown): Promise<number> => {
  const before = performance.now()
  for (let done = 0; done < signatures; done++) await sign()
  return ((performance.now() - before) * 1_000) / signatures
}

/** One signature with a key that is warm, turn by turn. */
export const benchSigning = async (): Promise<Measurement[]> => {
  const signer = createRequestSigner(scope, credentials)
  const ours = () => signer.sign({ ...request, query: {}, headers, body: Buffer.from(body) }, new Date())
  const theirs = () => aws4.sign({ ...request, ...scope, headers: { ...headers }, body }, credentials)
  const url = `https://${request.host}${request.path}`
  const fetchers = () => new AwsV4Signer({ ...credentials, ...scope, url, method: 'POST', headers, body }).sign()
  const times = { ours: [] as number[], theirs: [] as number[], fetchers: [] as number[] }
  for (let repeat = 0; repeat < repeats; repeat++) {
    times.theirs.push(await microseconds(theirs))
    times.fetchers.push(await microseconds(fetchers))
    times.ours.push(await microseconds(ours))
  }
  const ratio = median(times.ours.map((time, index) => time / (times.theirs[index] ?? Number.NaN)))
  return [
    {
      name: 'one signature',
      measured: `${median(times.ours).toFixed(1)} µs (${spread(times.ours)})`,
      comparison: `aws4: ${median(times.theirs).toFixed(1)} µs (${spread(times.theirs)}); ${ratio.toFixed(2)} of it; aws4fetch: ${median(times.fetchers).toFixed(1)} µs`,
      budget: '≤ 1.0 of it',
    },
  ]
}
