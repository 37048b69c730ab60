import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RunningStack, runningStack } from '../../local/running-stack.ts'

/** A stack behind a relay that passes every request on and remembers what was takeRequests to change something. */
export const startRecordedStack = async (accessMap: string) => {
  const stack: RunningStack = await runningStack({ accessMap })
  const statements: string[] = []
  let deployments = 0
  const relay = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      if (incoming.url === '/_snowgate/statements') statements.push(JSON.parse(body.toString()).sql)
      if (incoming.url === '/_snowgate/deploy') deployments++
      const { method, headers } = incoming
      const passed = request(stack.url + incoming.url, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      passed.on('error', () => outgoing.destroy())
      passed.end(body)
    })
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const { port } = relay.address() as AddressInfo // it listens on TCP
  return {
    stack,
    url: `http://127.0.0.1:${port}`,
    /** Requests since the last call. */
    takeRequests: () => {
      const sent = { statements: statements.splice(0), deployments }
      deployments = 0
      return sent
    },
    stop: async () => {
      relay.closeAllConnections()
      await new Promise((resolve) => relay.close(resolve))
      await stack.stop()
    },
  }
}

export type RecordedStack = Awaited<ReturnType<typeof startRecordedStack>>
