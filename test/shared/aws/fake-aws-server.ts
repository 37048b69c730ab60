import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

/** A received request. */
export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders
  /** Of a form (STS) or a JSON object (SSM). */
  readonly parameters: Readonly<Record<string, string>>
  /** 1 for the first request of all. */
  readonly number: number
  /** Settles when the client disconnects before the response. */
  readonly hungUp: Promise<void>
}

export interface FakeResponse {
  readonly status: number
  readonly body: string
  /** Absent: the time of this machine. */
  readonly date?: Date
  /** Sends half of the body, and then nothing. */
  readonly stalls?: boolean
}

type Responder = (received: ReceivedRequest) => FakeResponse | Promise<FakeResponse>

/** A server on a free port that sends the given responses and records requests. It does not verify signatures; the local stack does. */
export const startFakeAws = async (t: TestContext, responder: Responder) => {
  const received: ReceivedRequest[] = []
  const respond = (response: ServerResponse, { status, body, date = new Date(), stalls = false }: FakeResponse) => {
    const type = body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1'
    response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'loopback', date: date.toUTCString() })
    if (stalls) response.write(body.slice(0, body.length / 2))
    else response.end(body)
  }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const parameters = body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))
    const hungUp = new Promise<void>((resolve) => {
      response.once('close', () => response.writableEnded || resolve())
    })
    const one = { headers: request.headers, parameters, number: received.length + 1, hungUp }
    received.push(one)
    respond(response, await responder(one))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  return { endpoint: `http://127.0.0.1:${port}`, port, received }
}

export const never = new Promise<never>(() => {})

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRoleResponse = (
  { number }: Pick<ReceivedRequest, 'number'>,
  { date = new Date(), seconds = 3_600 }: { date?: Date; seconds?: number } = {},
): FakeResponse => ({
  status: 200,
  date,
  body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>AROAEXAMPLEEXAMPLE123:session</AssumedRoleId>
      <Arn>arn:aws:sts::333333333333:assumed-role/Reader/session</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIA${number}</AccessKeyId>
      <SecretAccessKey>secret-of-session-${number}</SecretAccessKey>
      <SessionToken>token-of-session-${number}</SessionToken>
      <Expiration>${new Date(date.getTime() + seconds * 1_000).toISOString()}</Expiration>
    </Credentials>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>loopback</RequestId></ResponseMetadata>
</AssumeRoleResponse>`,
})

export const stsError = (status: number, code: string, message: string, date = new Date()): FakeResponse => ({
  status,
  date,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>
  <RequestId>loopback</RequestId>
</ErrorResponse>`,
})

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export const getParameterResponse = (
  { parameters }: Pick<ReceivedRequest, 'parameters'>,
  value: string,
): FakeResponse => ({
  status: 200,
  body: JSON.stringify({
    Parameter: {
      ARN: `arn:aws:ssm:eu-central-1:111111111111:parameter${parameters['Name']}`,
      DataType: 'text',
      LastModifiedDate: 1.7684472e9,
      Name: parameters['Name'],
      Type: 'SecureString',
      Value: value,
      Version: 1,
    },
  }),
})

export const ssmError = (type: string, message?: string): FakeResponse => ({
  status: 400,
  body: JSON.stringify({ __type: type, ...(message !== undefined && { message }) }),
})
