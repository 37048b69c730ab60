import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUrlFor, parseTarget } from '../../../cli/call/call-target.ts'
import { CommandFailure, exitCodes } from '../../../cli/command-failure.ts'

const rejected: readonly (readonly [target: string, message: RegExp])[] = [
  ['abc.execute-api.eu-central-1.amazonaws.com/dev/hello', /has no scheme.*\nUse https:\/\/abc\.execute-api/],
  ['localhost:4566/dev/hello', /has no scheme.*\nUse http:\/\/localhost:4566/],
  ['127.0.0.1:4566/dev/hello', /has no scheme.*\nUse http:\/\/127/],
  ['hello', /neither a path nor a URL.*\nUse \/hello/],
  ['http://api.example.org/hello', /does not use TLS.*\nUse https:\/\/api.example.org/],
  ['https://user:word@api.example.org/', /Remove the credentials from the URL/],
  ['https://[', /is not a URL/],
  ['ftp://api.example.org/', /neither a path nor a URL/],
]

for (const [target, message] of rejected) {
  test(`${target} is rejected with a correction`, () => {
    assert.throws(
      () => parseTarget(target),
      (error) => error instanceof CommandFailure && error.exitCode === exitCodes.usage && message.test(error.message),
    )
  })
}

const urls: readonly (readonly [target: string, api: string | undefined, url: string])[] = [
  ['/hello', 'http://127.0.0.1:4566/dev', 'http://127.0.0.1:4566/dev/hello'],
  ['/hello?a=1', 'https://api.example.org/dev/', 'https://api.example.org/dev/hello?a=1'],
  ['https://api.example.org/x', 'http://127.0.0.1:4566/dev', 'https://api.example.org/x'],
  ['http://localhost:4566/dev/hello', undefined, 'http://localhost:4566/dev/hello'],
]

for (const [target, api, url] of urls) {
  test(`${target} below ${api ?? 'no API'} is ${url}`, () => {
    assert.equal(apiUrlFor(parseTarget(target), api).href, url)
  })
}

test('a path without a configured API is rejected', () => {
  assert.throws(() => apiUrlFor('/hello', undefined), /No API is configured for \/hello\./)
})
