import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What was asked of AWS: `iam GetRole snowgate-dev-analytics`, `apigateway GET /restapis/…`, `stack GET /service`. */
export interface Asked {
  readonly service: string
  readonly what: string
}

export interface Told {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Alter = (asked: Asked, told: Told) => Told

const serviceOf = (headers: IncomingHttpHeaders): string =>
  /Credential=[^/]+\/\d+\/[\w-]+\/([\w-]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'stack'

const whatOf = (method: string, target: string, body: string): string => {
  const form = new URLSearchParams(body)
  const action = form.get('Action')
  if (action === null) return `${method} ${target.split('?')[0]}`
  return [action, form.get('RoleName') ?? form.get('StackName') ?? ''].join(' ').trim()
}

/**
 * A world that differs from the stack's in one thing: it passes requests on as they were signed, Host included, and answers as
 * the stack does but for what it alters. Where the stack tells its own URL, it tells its own.
 */
export const startAlteringRelay = async (upstream: string, alter: Alter) => {
  const server = createServer(async (incoming, response) => {
    const sent = Buffer.concat(await incoming.toArray())
    const { method = '', url = '', headers } = incoming
    const outgoing = httpRequest(upstream, { method, path: url, headers }, async (answer) => {
      const body = Buffer.concat(await answer.toArray()).toString()
      const told = alter(
        { service: serviceOf(headers), what: whatOf(method, url, sent.toString()) },
        { status: answer.statusCode ?? 0, headers: answer.headers, body: body.replaceAll(upstream, relayUrl()) },
      )
      const { 'content-length': _, ...rest } = told.headers
      response.writeHead(told.status, rest).end(told.body)
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
