import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

/** A request as it came over the wire. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  /** Of a form (STS) or a JSON object (SSM). */
  readonly parameters: Readonly<Record<string, string>>
  /** 1 for the first request of all. */
  readonly number: number
  /** Settles when whoever asked hangs up before there was an answer. */
  readonly hungUp: Promise<void>
}

export interface Sent {
  readonly status: number
  readonly body: string
  /** Absent: the time of this machine. */
  readonly date?: Date
  /** Half of the body comes, and then nothing. */
  readonly stalls?: boolean
}

type Answer = (received: Received) => Sent | Promise<Sent>

/** A server on a free port that answers as it is told to, and counts. It judges no signature: the local stack does. */
export const loopbackAws = async (t: TestContext, answer: Answer) => {
  const received: Received[] = []
  const respond = (response: ServerResponse, { status, body, date = new Date(), stalls = false }: Sent) => {
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
    respond(response, await answer(one))
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
export const session = (
  { number }: Pick<Received, 'number'>,
  { date = new Date(), seconds = 3_600 }: { date?: Date; seconds?: number } = {},
): Sent => ({
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

export const stsRefusal = (status: number, code: string, message: string, date = new Date()): Sent => ({
  status,
  date,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>
  <RequestId>loopback</RequestId>
</ErrorResponse>`,
})

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export const parameter = ({ parameters }: Pick<Received, 'parameters'>, value: string): Sent => ({
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

export const ssmRefusal = (type: string, message?: string): Sent => ({
  status: 400,
  body: JSON.stringify({ __type: type, ...(message !== undefined && { message }) }),
})
