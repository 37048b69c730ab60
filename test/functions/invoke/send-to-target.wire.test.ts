import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createSender } from '../../../functions/invoke/send-to-target.ts'

test('a connection is reused for the next request, and collects no listeners', async (context) => {
  const connections = new Set<Socket>()
  const server = createServer((incoming, response) => {
    connections.add(incoming.socket)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const warnings: Error[] = []
  const warn = (warning: Error) => warnings.push(warning)
  process.on('warning', warn)
  context.after(() => process.off('warning', warn))

  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // a listening TCP server has one
  const target = { name: 'one', url, service: 's3', region: 'eu-central-1', rules: [], allowPrivate: true as const }
  const send = createSender(Date.now)
  for (let sent = 0; sent < 20; sent++) {
    const outgoing = { method: 'GET', target: '/', headers: { host: url.host } } as const
    const response = await send(target, [{ address: '127.0.0.1', family: 4 }], outgoing, new AbortController().signal)
    assert.equal(response.status, 200)
  }
  await setImmediate()
  assert.equal(connections.size, 1)
  assert.deepEqual(warnings, [])
})
