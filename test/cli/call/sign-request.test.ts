import assert from 'node:assert/strict'
import { test } from 'node:test'
import aws4 from 'aws4'
import { signRequest } from '../../../cli/call/sign-request.ts'

const keys = { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }
const scope = { service: 'execute-api', region: 'eu-central-1' }

const targets = [
  '/dev/hello',
  '/',
  '/dev/hello?b=2&a=1',
  '/dev/hello?a=2&a=1&a=10',
  '/dev/hello?empty=&bare',
  '/dev/hello?plus=a+b&space=a%20b',
  "/dev/hello?marks=!'()*~",
  '/dev/a%20b/%C3%BC',
  '/dev//double',
  '/dev/hello?%C3%BC=%E5%90%8D',
  '/dev/hello?a=b=c',
]

for (const target of targets) {
  test(`${target}: what is sent is what was signed, and another signer signs it the same`, async () => {
    const url = new URL(`https://api.example.org${target}`)
    const body = Buffer.from('{"name":"Алиса"}')
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
    const signed = await signRequest({ method: 'POST', url, headers, body }, keys, scope)
    const { authorization, 'x-amz-date': date, ...sent } = signed.headers
    const unsigned: Record<string, string> = { ...sent, 'X-Amz-Date': date ?? '' }
    const witness = aws4.sign(
      {
        ...scope,
        method: 'POST',
        host: 'api.example.org',
        path: signed.target,
        body: body.toString(),
        headers: unsigned,
      },
      keys,
    )
    assert.equal(signatureOf(authorization), signatureOf(witness.headers?.['Authorization']))
  })
}

test('a plus in the query stays a plus, and what was encoded stays encoded', async () => {
  const url = new URL('https://api.example.org/dev/a%20b?q=a+b%20c')
  const { target } = await signRequest({ method: 'GET', url, headers: {}, body: undefined }, keys, scope)
  assert.equal(target, '/dev/a%20b?q=a%2Bb%20c')
})

const signatureOf = (authorization: string | undefined) => /Signature=([0-9a-f]{64})$/.exec(authorization ?? '')?.[1]
