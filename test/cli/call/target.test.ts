import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTarget, urlOf } from '../../../cli/call/index.ts'
import { CommandFailure } from '../../../cli/command-failure.ts'
import { exitCodes } from '../../../cli/exit-codes.ts'

const refused: readonly (readonly [target: string, message: RegExp])[] = [
  ['abc.execute-api.eu-central-1.amazonaws.com/dev/hello', /has no scheme.*\nWrite https:\/\/abc\.execute-api/],
  ['localhost:4566/dev/hello', /has no scheme.*\nWrite http:\/\/localhost:4566/],
  ['127.0.0.1:4566/dev/hello', /has no scheme.*\nWrite http:\/\/127/],
  ['hello', /neither a path nor a URL.*\nWrite \/hello/],
  ['http://api.example.org/hello', /not encrypted.*\nWrite https:\/\/api.example.org/],
  ['https://user:word@api.example.org/', /Credentials do not belong into a URL/],
  ['https://[', /is not a URL/],
  ['ftp://api.example.org/', /neither a path nor a URL/],
]

for (const [target, message] of refused) {
  test(`${target} is refused with what to write instead`, () => {
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
    assert.equal(urlOf(parseTarget(target), api).href, url)
  })
}

test('a path alone needs to know its API', () => {
  assert.throws(() => urlOf('/hello', undefined), /Which API is \/hello of\?/)
})
