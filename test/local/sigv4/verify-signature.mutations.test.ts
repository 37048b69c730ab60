import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { WireRequest } from '../../../local/http.ts'
import { verifySignature } from '../../../local/sigv4/index.ts'
import { endpoint, presignedBySmithy, signedBySmithy, temporary } from './foreign-signers.ts'

/** Any one byte of a signed request changed, by its lowest bit, the bit of letter case, or its highest: refused. */

const flips = (text: string): string[] =>
  [...text].flatMap((_, at) =>
    [1, 32, 128].map((bit) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ bit) + text.slice(at + 1)),
  )

/** The query as the rules read it, found by other means: spellings of one query are no change. */
const meaning = (target: string): string => {
  const [path, ...query] = target.split('?')
  const decode = (part = '') =>
    part
      .replaceAll('+', ' ')
      .replace(/%[0-9a-f]{2}/gi, (escaped) => Buffer.from(escaped.slice(1), 'hex').toString('latin1'))
  const pairs = query
    .join('?')
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => JSON.stringify([decode(piece.split('=')[0]), decode(piece.split('=').slice(1).join('='))]))
  return [path, ...pairs.sort()].join('\n')
}

const cut = ({ rawHeaders }: WireRequest): (readonly [name: string, value: string])[] =>
  rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []))

const withHeader = (request: WireRequest, at: number, name: string, value: string): WireRequest => ({
  ...request,
  rawHeaders: request.rawHeaders.with(2 * at, name).with(2 * at + 1, value),
})

const forms = {
  header: () =>
    signedBySmithy(
      {
        method: 'POST',
        path: '/dev/greetings/Ada%20Lovelace',
        query: { lang: ['fr', 'en'], verbose: '', q: 'a+b c' },
        headers: { 'content-type': 'application/json', 'x-amz-meta': 'a b' },
        body: '{"name":"Zoë"}',
      },
      { credentials: temporary },
    ),
  presigned: () =>
    presignedBySmithy(
      {
        method: 'POST',
        path: '/dev/greetings/Ada%20Lovelace',
        query: { lang: ['fr', 'en'] },
        headers: { 'content-type': 'application/json' },
        body: '{"name":"Zoë"}',
      },
      { credentials: temporary },
    ),
}

for (const [form, sign] of Object.entries(forms)) {
  describe(`in the ${form} form`, () => {
    let signed: WireRequest
    before(async () => {
      signed = await sign()
    })

    const rejected = (request: WireRequest, what: string) =>
      assert.equal(
        verifySignature(request, endpoint()).verified,
        false,
        `verified after a change of ${JSON.stringify(what)}`,
      )

    test('the request verifies as it was signed', () => {
      assert.equal(verifySignature(signed, endpoint()).verified, true)
    })

    test('no byte of the method can change', () => {
      for (const method of flips(signed.method)) rejected({ ...signed, method }, method)
    })

    test('no byte of path or query can change that changes what they say', () => {
      const changed = flips(signed.target).filter((target) => meaning(target) !== meaning(signed.target))
      assert.ok(changed.length > 2.5 * signed.target.length)
      for (const target of changed) rejected({ ...signed, target }, target)
    })

    test('no byte of a header value can change, Authorization, date and token included', () => {
      for (const [at, [name, value]] of cut(signed).entries())
        for (const other of flips(value)) rejected(withHeader(signed, at, name, other), `${name}: ${other}`)
    })

    test('no byte of a header name can change but its case', () => {
      for (const [at, [name, value]] of cut(signed).entries())
        for (const other of flips(name).filter((changed) => changed.toLowerCase() !== name.toLowerCase()))
          rejected(withHeader(signed, at, other, value), other)
    })

    test('no header can be left out or repeated', () => {
      for (const [at, [name, value]] of cut(signed).entries()) {
        rejected({ ...signed, rawHeaders: signed.rawHeaders.toSpliced(2 * at, 2) }, `no ${name}`)
        if (!['authorization', 'x-amz-security-token'].includes(name))
          rejected({ ...signed, rawHeaders: [...signed.rawHeaders, name, value] }, `${name} twice`)
      }
    })

    test('no byte of the body can change, none be added or taken', () => {
      const body = Buffer.from(signed.body).toString('latin1')
      for (const other of [...flips(body), '', `${body} `, body.slice(1)])
        rejected({ ...signed, body: Buffer.from(other, 'latin1') }, other)
    })

    test('nothing can be added to path or query', () => {
      for (const target of [`${signed.target}&a=1`, `${signed.target}&lang=fr`, signed.target.replace('?', '/?')])
        rejected({ ...signed, target }, target)
    })

    test('another secret makes another signature', () => {
      const { findKey } = endpoint()
      const otherSecret = (accessKeyId: string) => {
        const key = findKey(accessKeyId)
        return key && { ...key, secretAccessKey: 'another' }
      }
      assert.equal(verifySignature(signed, endpoint({ findKey: otherSecret })).verified, false)
      assert.equal(verifySignature(signed, endpoint()).verified, true)
    })
  })
}
