import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { verifySignature } from '../../../local/sigv4/index.ts'
import { endpoint, signedByAws4, signedBySmithy } from './foreign-signers.ts'

/**
 * What Node's server hands over is what the verifier expects: headers beyond ASCII byte by byte, doubled headers apart,
 * the target untouched. (Raw bytes beyond ASCII in the target never arrive: Node's parser answers them 400.)
 */

test('requests written byte by byte onto a socket verify behind a real server', async (t) => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const { method = '', url = '', rawHeaders, socket } = request
    const sourceIp = socket.remoteAddress ?? ''
    const wire = { method, target: url, rawHeaders, body: Buffer.concat(chunks), sourceIp }
    response.setHeader('connection', 'close')
    response.end(JSON.stringify(verifySignature(wire, endpoint())))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo // a TCP server has one
  const local = `127.0.0.1:${port}`

  const requests = [
    await signedBySmithy({ path: '/dev/%E6%97%A5%E6%9C%AC/%20', headers: { 'x-name': 'Zoë voilà' } }, { host: local }),
    await signedBySmithy({ method: 'POST', path: '//dev//./x/', body: '{"name":"Zoë"}' }, { host: local }),
    signedByAws4({ target: '/dev?a=b+c&a=%C3%BC', headers: { 'X-Amz-Meta': ['b', 'a  a'] } }, { host: local }),
  ]
  for (const { method, target, rawHeaders, body } of requests) {
    const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}\r\n`] : []))
    const length = body.length > 0 ? `content-length: ${body.length}\r\n` : ''
    const head = `${method} ${target} HTTP/1.1\r\n${headers.join('')}${length}\r\n`
    const socket = connect(port, '127.0.0.1')
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]))
    const answer = await text(socket)
    assert.match(answer, /"verified":true/, answer)
  }
})
