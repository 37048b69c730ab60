import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack, startStack } from '../../../local/stack.ts'
import { createSlowHelloProject, packageSlowHelloProject } from '../../infra/slow-hello-project.ts'
import { type Credentials, type StackIdentity, sign } from '../../local/running-stack.ts'

const tableName = 'snowgate-dev-slow-hello-batches'

/** What a row does: greet, exit its process, or fail with an error of that code. */
export type RowInstruction = 'greet' | 'exit' | 'UNEXPECTED' | 'DEADLINE_EXCEEDED'

/** A server that each row calls: it records the calls, and the test controls the responses. */
export const startSideEffectServer = async () => {
  const requests: string[] = []
  let instruct: (name: string) => Promise<RowInstruction> | RowInstruction = () => 'greet'
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent((request.url ?? '').slice(1))
    requests.push(name)
    response.end(await instruct(name))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    onRequest: (next: typeof instruct) => {
      instruct = next
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface Item {
  readonly batch: { readonly S: string }
  readonly part: { readonly S: string }
  readonly expires: { readonly N: string }
  readonly body: { readonly B: string }
}

export interface Reply {
  readonly status: number
  readonly errorType: string | undefined
  readonly body: string
}

/** The real stack with `slow-hello` in its template, run from the copy of the project. */
export const startSlowHelloStack = async () => {
  const copy = await createSlowHelloProject()
  const packageDirectory = await packageSlowHelloProject(copy)
  const log: string[] = []
  const { startStack: start }: { startStack: typeof startStack } = await import(join(copy.folder, 'local', 'stack.ts'))
  const stack: Stack = await start({
    packageDirectory,
    accessMapPath: copy.accessMap,
    port: 0,
    seed: 'test',
    print: (line) => log.push(line),
  })
  const { host } = new URL(stack.url)

  const identity = async (name: string): Promise<StackIdentity> =>
    (await (await fetch(`${stack.url}/_snowgate/identities/${name}`)).json()) as StackIdentity

  const reply = async (response: Response): Promise<Reply> => ({
    status: response.status,
    errorType: response.headers.get('x-amzn-errortype') ?? undefined,
    body: await response.text(),
  })

  const signed = async (
    credentials: Credentials,
    service: string,
    request: { method?: string; path: string; headers?: Readonly<Record<string, string>>; body?: string },
  ): Promise<Reply> => {
    const { method = 'POST', body } = request
    const { path, headers = {} } = sign({ ...request, method }, credentials, { host, service })
    return reply(await fetch(stack.url + path, { method, headers, ...(body !== undefined && { body }) }))
  }

  const batchHeaders = (batchId: string, headers = {}) => ({
    'sf-external-function-format': 'json',
    'sf-external-function-query-batch-id': batchId,
    ...headers,
  })

  return {
    ...stack,
    log,
    /** Deploys another access map of the same copy into the running stack. */
    deploy: async (mapText: string): Promise<Reply> => {
      const accessMap = join(copy.folder, 'other.yml')
      await writeFile(accessMap, mapText)
      const options = { packageDirectory: await packageSlowHelloProject({ ...copy, accessMap }), accessMap }
      return reply(await fetch(`${stack.url}/_snowgate/deploy`, { method: 'POST', body: JSON.stringify(options) }))
    },
    /** The map that the stack was started with. */
    map: () => readFile(copy.accessMap, 'utf8'),
    identity,
    signed,
    /** The credentials of a caller role. */
    assumeRole: async (credentials: Credentials, roleArn: string): Promise<Credentials> => {
      const parameters = { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: roleArn, RoleSessionName: 'session' }
      const { body } = await signed(credentials, 'sts', {
        path: '/',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(parameters).toString(),
      })
      const of = (element: string) => new RegExp(`<${element}>(.*)</${element}>`).exec(body)?.[1] ?? ''
      return {
        accessKeyId: of('AccessKeyId'),
        secretAccessKey: of('SecretAccessKey'),
        sessionToken: of('SessionToken'),
      }
    },
    post: (credentials: Credentials, batchId: string, rows: unknown, headers = {}) =>
      signed(credentials, 'execute-api', {
        path: '/dev/slow-hello',
        headers: batchHeaders(batchId, headers),
        body: JSON.stringify({ data: rows }),
      }),
    poll: (credentials: Credentials, batchId: string) =>
      signed(credentials, 'execute-api', { method: 'GET', path: '/dev/slow-hello', headers: batchHeaders(batchId) }),
    invoke: (credentials: Credentials, event: unknown) =>
      signed(credentials, 'lambda', {
        path: '/2015-03-31/functions/snowgate-dev-slow-hello/invocations',
        body: JSON.stringify(event),
      }),
    /** Puts an item into the table without the function. */
    putItem: async (item: Item): Promise<Reply> =>
      signed(await identity('admin'), 'dynamodb', {
        path: '/',
        headers: { 'X-Amz-Target': 'DynamoDB_20120810.PutItem', 'Content-Type': 'application/x-amz-json-1.0' },
        body: JSON.stringify({ TableName: tableName, Item: item }),
      }),
    /** Everything in the table of `slow-hello`, as an administrator sees it. */
    items: async (): Promise<readonly Item[]> => {
      const credentials = await identity('admin')
      const items: Item[] = []
      let from: unknown
      do {
        const { body } = await signed(credentials, 'dynamodb', {
          path: '/',
          headers: { 'X-Amz-Target': 'DynamoDB_20120810.Scan', 'Content-Type': 'application/x-amz-json-1.0' },
          body: JSON.stringify({ TableName: tableName, ExclusiveStartKey: from }),
        })
        const page: { Items: Item[]; LastEvaluatedKey?: unknown } = JSON.parse(body)
        items.push(...page.Items)
        from = page.LastEvaluatedKey
      } while (from !== undefined)
      return items
    },
  }
}

export type SlowHelloStack = Awaited<ReturnType<typeof startSlowHelloStack>>

/** Polls until the status is not 202, as Snowflake does. */
export const pollUntilDone = async (send: () => Promise<Reply>, seconds = 60): Promise<Reply> => {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; await sleep(100)) {
    const reply = await send()
    if (reply.status !== 202) return reply
  }
  throw new Error(`still 202 after ${seconds} s`)
}
