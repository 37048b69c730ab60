import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A response: the body as JSON or unchanged; default status 200. */
export interface ScriptedResponse {
  readonly status?: number
  readonly body: unknown
}

const loginResponse = (parameters: Readonly<Record<string, string>>) => ({
  success: true,
  data: {
    token: 'token',
    masterToken: 'master',
    validityInSeconds: 3_600,
    masterValidityInSeconds: 14_400,
    sessionId: 1,
    parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
  },
})

/** A Snowflake that sends the given responses to logins and statements. */
export const startScriptedServer = async (script: {
  readonly login?: ScriptedResponse
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: ScriptedResponse
}) => {
  const server = createServer((request, response) => {
    request.resume()
    const isLogin = request.url?.startsWith('/session/v1/login-request')
    const isQuery = request.url?.startsWith('/queries/')
    const scripted = isLogin ? script.login : isQuery ? script.query : undefined
    const { status = 200, body } = scripted ?? {
      body: isLogin ? loginResponse(script.parameters ?? {}) : { success: true },
    }
    response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
