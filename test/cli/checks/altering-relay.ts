import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An operation of AWS: `iam GetRole snowgate-dev-analytics`, `apigateway GET /restapis/…`, `stack GET /service`. */
export interface RelayedRequest {
  readonly service: string
  readonly operation: string
}

export interface RelayedAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type AlterAnswer = (request: RelayedRequest, response: RelayedAnswer) => RelayedAnswer

const serviceOf = (headers: IncomingHttpHeaders): string =>
  /Credential=[^/]+\/\d+\/[\w-]+\/([\w-]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'stack'

const operationOf = (method: string, target: string, body: string): string => {
  const form = new URLSearchParams(body)
  const action = form.get('Action')
  if (action === null) return `${method} ${target.split('?')[0]}`
  return [action, form.get('RoleName') ?? form.get('StackName') ?? ''].join(' ').trim()
}

/**
 * Relays signed requests to the stack unchanged, Host included, and alters the responses. It replaces the URL of the stack in
 * them with its own.
 */
export const startAlteringRelay = async (upstream: string, alter: AlterAnswer) => {
  const server = createServer(async (incoming, response) => {
    const sent = Buffer.concat(await incoming.toArray())
    const { method = '', url = '', headers } = incoming
    const outgoing = httpRequest(upstream, { method, path: url, headers }, async (answer) => {
      const body = Buffer.concat(await answer.toArray()).toString()
      const altered = alter(
        { service: serviceOf(headers), operation: operationOf(method, url, sent.toString()) },
        { status: answer.statusCode ?? 0, headers: answer.headers, body: body.replaceAll(upstream, relayUrl()) },
      )
      const { 'content-length': _, ...rest } = altered.headers
      response.writeHead(altered.status, rest).end(altered.body)
    })
    outgoing.on('error', () => response.destroy())
    outgoing.end(sent)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const relayUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
  return {
    url: relayUrl(),
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
