import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { resolve } from 'node:path'
import aws4 from 'aws4'
import type { JournalEntry } from '../../local/journal.ts'
import { startStack } from '../../local/stack.ts'
import { compile } from '../infra/compile.ts'
import { serviceMap } from '../service-map.ts'

/** A party of the running stack, as `/_snowgate/identities/<name>` gives it. */
export interface StackIdentity {
  readonly name: string
  readonly description: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | null
  readonly accountId: string
  readonly arn: string
  readonly region: string
  readonly endpoints: { readonly api: string; readonly aws: string; readonly snowflake: string }
  readonly callerRoleArn?: string
  readonly externalId?: string
}

/** What `/_snowgate/service` tells. */
export interface ServiceDescription {
  readonly stage: string
  readonly region: string
  readonly accountId: string
  readonly apiUrl: string
  readonly accessMap: string
  readonly packageDirectory: string
}

export interface StackResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly errorType: string | undefined
  readonly body: string
}

export interface StackRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** The real stack from a freshly compiled template, on a free port. */
export const runningStack = async ({ stage = 'dev', accessMap = serviceMap, now = () => new Date() } = {}) => {
  const packageDirectory = await compile({ stage, accessMap })
  const log: string[] = []
  const stack = await startStack({
    packageDirectory,
    accessMapPath: accessMap,
    port: 0,
    seed: 'test',
    print: (line) => log.push(line),
    now,
  })
  const identity = async (name: string): Promise<StackIdentity> => {
    const response = await fetch(`${stack.url}/_snowgate/identities/${name}`)
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as StackIdentity
  }
  /** Sends the bytes as they are: no normalisation of paths, no header of its own but Host and Content-Length. */
  const send = ({ method = 'POST', path, headers = {}, body }: StackRequest): Promise<StackResponse> =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(stack.url, { method, path, headers }, (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk) => chunks.push(chunk))
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            errorType: incoming.headers['x-amzn-errortype']?.toString(),
            body: Buffer.concat(chunks).toString(),
          }),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  /** `POST /_snowgate/deploy`, as it stands. */
  const postDeploy = async (requestBody: unknown, headers: Readonly<Record<string, string>> = {}) =>
    send({ path: '/_snowgate/deploy', headers, body: JSON.stringify(requestBody) })
  /** Packages the stage with another map, and deploys it into the running stack. */
  const deploy = async (otherMap: string): Promise<StackResponse> =>
    postDeploy({ packageDirectory: await compile({ stage, accessMap: otherMap }), accessMap: resolve(otherMap) })
  const describe = async (): Promise<ServiceDescription> =>
    (await (await fetch(`${stack.url}/_snowgate/service`)).json()) as ServiceDescription
  /** Why the stack let the request in, or refused it. */
  const decision = async ({ headers }: StackResponse): Promise<JournalEntry> => {
    const response = await fetch(`${stack.url}/_snowgate/decisions/${headers['x-amzn-requestid']}`)
    return (await response.json()) as JournalEntry
  }
  return { ...stack, decision, deploy, log, identity, postDeploy, send, describe, host: new URL(stack.url).host }
}

export type RunningStack = Awaited<ReturnType<typeof runningStack>>

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | null | undefined
}

/** Signed by aws4, which shares no code with the stack. */
export const sign = (
  request: StackRequest,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  {
    host,
    region = 'eu-central-1',
    service = 'execute-api',
    date = new Date(),
    signQuery = false,
  }: { host: string; region?: string; service?: string; date?: Date; signQuery?: boolean },
): StackRequest => {
  const stamp = date.toISOString().replace(/[:-]|\.\d{3}/g, '')
  const signed = aws4.sign(
    {
      host,
      region,
      service,
      signQuery,
      method: request.method ?? 'POST',
      path: signQuery ? `${request.path}${request.path.includes('?') ? '&' : '?'}X-Amz-Date=${stamp}` : request.path,
      headers: {
        ...(request.body !== undefined && { 'Content-Type': 'application/json' }),
        ...(!signQuery && { 'X-Amz-Date': stamp }),
        ...request.headers,
      },
      ...(request.body !== undefined && { body: request.body }),
    },
    { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  )
  return { ...request, path: signed.path ?? request.path, headers: signed.headers }
}
