import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, inflateSync } from 'node:zlib'
import { type AccessKey, verifySignature } from '../../../local/sigv4/index.ts'
import { httpTransport } from '../../../local/snowflake/caller/index.ts'
import type { RunUdf } from '../../../local/snowflake/engine/python-udf.ts'
import type { ResultSet } from '../../../local/snowflake/engine/result-set.ts'
import { createSnowflakeEngine, type SnowflakeSession } from '../../../local/snowflake/snowflake-engine.ts'

/** A request to the API as it came over the socket, and as Snowflake's batch in it. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** Inflated; empty for a GET. */
  readonly text: string
  readonly rejection: string | undefined
  readonly signedHeaders: readonly string[]
  readonly keyOwner: string | undefined
}

export interface ApiResponse {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Cuts the connection instead of an answer. */
  readonly hangUp?: true
}

export const externalId = (count: number) => `MYORG_SFCRole=${count}_bG9jYWw=`
export const roleArn = 'arn:aws:iam::111111111111:role/snowgate-dev-snowflake'
export const userArn = 'arn:aws:iam::999999999999:user/abcd-s-example'
export const apiUrl = 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/dev/'

export const integration = `CREATE API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = '${roleArn}'
  API_ALLOWED_PREFIXES = ('${apiUrl}') ENABLED = TRUE;`
export const hello = (rest = '', signature = '(name VARCHAR) RETURNS VARIANT') =>
  `CREATE EXTERNAL FUNCTION hello${signature} ${rest} API_INTEGRATION = api AS '${apiUrl}hello';`

/** Answers each row with its first argument. */
export const echo = ({ text }: ApiRequest): ApiResponse => {
  const rows = [...text.matchAll(/^\[(\d+),(.*)\],?$/gm)]
  return { body: `{"data":[${rows.map(([, number, rest]) => `[${number},${rest}]`)}]}` }
}

const userKey: AccessKey<string> = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  owner: 'user',
}

export const resultsOf = async ({ execute }: SnowflakeSession, sql: string, signal?: AbortSignal) => {
  const results: ResultSet[] = []
  for await (const result of execute(sql, signal)) results.push(result)
  return results
}

interface EngineWithApiOptions {
  /** The answers of the API; called with the count of requests before. */
  readonly answer?: (received: ApiRequest, before: number) => ApiResponse | Promise<ApiResponse>
  readonly trusts?: (externalId: string) => boolean
  readonly runUdf?: RunUdf
  /** Seconds for which STS gives a session. */
  readonly sessionSeconds?: number
}

/** One loopback server that plays STS and the API, and a Snowflake whose clock moves only when it sleeps. */
export const startEngineWithApi = async ({
  answer = echo,
  trusts = () => true,
  runUdf,
  sessionSeconds = 3_600,
}: EngineWithApiOptions = {}) => {
  const received: ApiRequest[] = []
  const assumptions: URLSearchParams[] = []
  const keys = new Map([[userKey.accessKeyId, userKey]])
  const slept: number[] = []
  const lines: string[] = []
  let clock = new Date('2026-01-15T10:11:12Z').getTime()
  const now = () => new Date(clock)

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const { method = '', url: target = '', rawHeaders, headers } = incoming
    const isSts = target === '/'
    const verification = verifySignature(
      { method, target, rawHeaders, body, sourceIp: '127.0.0.1' },
      {
        region: 'eu-central-1',
        now,
        findKey: (id: string) => keys.get(id),
        ...(isSts ? { service: 'sts', clockSkewMinutes: 15 } : { service: 'execute-api', clockSkewMinutes: 5 }),
      },
    )
    if (isSts) {
      const assumeRoleRequest = new URLSearchParams(body.toString())
      assumptions.push(assumeRoleRequest)
      const { status, xml } = sts(assumeRoleRequest, verification.verified)
      response.writeHead(status, { 'content-type': 'text/xml' }).end(xml)
      return
    }
    const encoding = headers['content-encoding']
    const request: ApiRequest = {
      method,
      path: target,
      headers,
      rawHeaders,
      body,
      text: (encoding === 'gzip' ? gunzipSync(body) : encoding === 'deflate' ? inflateSync(body) : body).toString(),
      rejection: verification.verified ? undefined : verification.rejection.code,
      signedHeaders: verification.verified ? verification.signedHeaders : [],
      keyOwner: verification.verified ? verification.owner : undefined,
    }
    const apiResponse = await answer(request, received.push(request) - 1)
    if (apiResponse.hangUp) incoming.socket.destroy()
    else response.writeHead(apiResponse.status ?? 200, apiResponse.headers).end(apiResponse.body ?? '')
  })

  const sts = (assumeRoleRequest: URLSearchParams, isVerified: boolean) => {
    const action = assumeRoleRequest.get('Action')
    if (!isVerified || action !== 'AssumeRole' || !trusts(assumeRoleRequest.get('ExternalId') ?? '')) {
      const error = '<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized</Message></Error>'
      return { status: 403, xml: `<ErrorResponse>${error}</ErrorResponse>` }
    }
    const key: AccessKey<string> = {
      accessKeyId: `ASIAIOSFODNN7EXAMP${String(keys.size).padStart(2, '0')}`,
      secretAccessKey: 'temporary',
      sessionToken: 'FwoGZXIvYXdzEXAMPLE==',
      owner: `session ${keys.size}`,
    }
    keys.set(key.accessKeyId, key)
    const expiration = new Date(clock + sessionSeconds * 1_000).toISOString()
    const credentials = `<AccessKeyId>${key.accessKeyId}</AccessKeyId><SecretAccessKey>temporary</SecretAccessKey>
      <SessionToken>${key.sessionToken}</SessionToken><Expiration>${expiration}</Expiration>`
    const result = `<AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult>`
    return { status: 200, xml: `<AssumeRoleResponse>${result}</AssumeRoleResponse>` }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  const origin = `http://127.0.0.1:${port}`
  let ids = 0
  let externalIds = 0
  const snowflake = createSnowflakeEngine({
    account: 'MYORG-MYACCOUNT',
    organizationName: 'MYORG',
    accountName: 'MYACCOUNT',
    region: 'eu-central-1',
    iamUser: { arn: userArn, credentials: userKey },
    newExternalId: () => externalId(++externalIds),
    sts: { endpoint: origin, region: 'eu-central-1' },
    transport: httpTransport,
    resolveApiUrl: ({ hostname, pathname }) =>
      hostname.startsWith('a1b2c3d4e5.') ? new URL(pathname, origin) : undefined,
    now,
    sleep: async (milliseconds) => {
      slept.push(milliseconds)
      clock += milliseconds
    },
    newId: () => `01c0ffee-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    print: (line) => lines.push(line),
    ...(runUdf && { runUdf }),
  })
  const session = snowflake.openSession({ user: 'ALICE', role: 'ANALYST' })
  const run = (sql: string, signal?: AbortSignal) => resultsOf(session, sql, signal)
  return {
    received,
    assumptions,
    slept,
    lines,
    run,
    snowflake,
    now,
    /** The rows of the last statement. */
    rows: async (sql: string) => (await run(sql)).at(-1)?.rows ?? [],
    passTime: (seconds: number) => {
      clock += seconds * 1_000
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
