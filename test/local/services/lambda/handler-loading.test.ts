import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runFunction } from './running-functions.ts'

const answering = (text: string) => `export const handler = () => ${JSON.stringify(text)}`
const answeringCjs = (text: string) => `exports.handler = () => ${JSON.stringify(text)}`

interface FoundHandler {
  readonly claim: string
  readonly files: Readonly<Record<string, string>>
  readonly handler?: string
  readonly payload: string
}

const found: readonly FoundHandler[] = [
  {
    claim: 'a file without extension comes before .js',
    files: { index: answeringCjs('none'), 'index.js': answeringCjs('js') },
    payload: '"none"',
  },
  {
    claim: '.js comes before .mjs and .cjs',
    files: { 'index.js': answeringCjs('js'), 'index.mjs': answering('mjs'), 'index.cjs': answeringCjs('cjs') },
    payload: '"js"',
  },
  {
    claim: '.mjs comes before .cjs',
    files: { 'index.mjs': answering('mjs'), 'index.cjs': answeringCjs('cjs') },
    payload: '"mjs"',
  },
  { claim: '.cjs is found', files: { 'index.cjs': answeringCjs('cjs') }, payload: '"cjs"' },
  {
    claim: '.js is an ES module where package.json says so',
    files: { 'package.json': '{"type":"module"}', 'index.js': answering('esm') },
    payload: '"esm"',
  },
  {
    claim: '.js is CommonJS otherwise',
    files: { 'package.json': '{}', 'index.js': answeringCjs('cjs') },
    payload: '"cjs"',
  },
  {
    claim: 'a handler may lie in folders',
    files: { 'functions/hello/handler.mjs': answering('deep') },
    handler: 'functions/hello/handler.handler',
    payload: '"deep"',
  },
  {
    claim: 'an export may be nested',
    files: { 'index.mjs': 'export const api = { v1: { hello: () => 1 } }' },
    handler: 'index.api.v1.hello',
    payload: '1',
  },
  {
    claim: 'an export may be a member of the default one',
    files: { 'index.mjs': 'export default { handler: () => 2 }' },
    payload: '2',
  },
  {
    claim: 'top-level await is awaited',
    files: {
      'index.mjs': 'const value = await new Promise((r) => setTimeout(r, 20, 3)); export const handler = () => value',
    },
    payload: '3',
  },
  {
    claim: 'a name with signs of a URL is a file name',
    files: { 'a#b?c%20d/index.mjs': answering('odd') },
    handler: 'a#b?c%20d/index.handler',
    payload: '"odd"',
  },
  {
    claim: 'a handler of two parameters is no callback handler',
    files: { 'index.mjs': 'export const handler = (event, context) => typeof context' },
    payload: '"object"',
  },
]

interface Failing {
  readonly claim: string
  readonly files: Readonly<Record<string, string>>
  readonly handler?: string
  readonly errorType: string
  readonly errorMessage: string | RegExp
}

const callbacks =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.'

const failing: readonly Failing[] = [
  {
    claim: 'no such file',
    files: { 'other.js': '' },
    errorType: 'Runtime.ImportModuleError',
    errorMessage: /^Error: Cannot find module 'index'\nRequire stack:\n- /,
  },
  {
    claim: 'a file that requires what is not there',
    files: { 'index.cjs': "require('./missing')" },
    errorType: 'Runtime.ImportModuleError',
    errorMessage: /^Error: Cannot find module '\.\/missing'/,
  },
  {
    claim: 'an ES module that imports what is not there',
    files: { 'index.mjs': "import './missing.mjs'" },
    errorType: 'Error',
    errorMessage: /^Cannot find module '.*missing\.mjs' imported from /,
  },
  {
    claim: 'no such export',
    files: { 'index.mjs': 'export const other = 1' },
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: 'index.handler is undefined or not exported',
  },
  {
    claim: 'an export that is no function',
    files: { 'index.mjs': 'export const handler = 1' },
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: 'index.handler is not a function',
  },
  {
    claim: 'a syntax error in CommonJS',
    files: { 'index.cjs': 'exports.handler = () => {' },
    errorType: 'Runtime.UserCodeSyntaxError',
    errorMessage: /^SyntaxError: /,
  },
  {
    claim: 'a syntax error in an ES module',
    files: { 'index.mjs': 'export const handler = () => {' },
    errorType: 'Runtime.UserCodeSyntaxError',
    errorMessage: /^SyntaxError: /,
  },
  {
    claim: 'a handler string without an export',
    files: { 'index.mjs': answering('') },
    handler: 'index',
    errorType: 'Runtime.MalformedHandlerName',
    errorMessage: 'Bad handler',
  },
  {
    claim: 'a handler string that leaves the package',
    files: { 'index.mjs': answering('') },
    handler: '../index.handler',
    errorType: 'Runtime.MalformedHandlerName',
    errorMessage:
      "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names.",
  },
  {
    claim: 'a callback handler',
    files: { 'index.mjs': 'export const handler = (event, context, callback) => callback(null, 1)' },
    errorType: 'Runtime.CallbackHandlerDeprecated',
    errorMessage: callbacks,
  },
  {
    claim: 'a module that throws',
    files: { 'index.mjs': "throw new RangeError('at start')" },
    errorType: 'RangeError',
    errorMessage: 'at start',
  },
  {
    claim: 'a module that exits',
    files: { 'index.mjs': 'process.exit(0)' },
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: 0f1e2d3c-0000-4000-8000-000000000001 Error: Runtime exited without providing a reason',
  },
  {
    claim: 'a module that never finishes',
    files: { 'index.mjs': 'await new Promise(() => {})' },
    errorType: 'Runtime.ExitError',
    errorMessage: 'RequestId: 0f1e2d3c-0000-4000-8000-000000000001 Error: Runtime exited without providing a reason',
  },
  {
    claim: 'a module that forgets a rejection',
    files: { 'index.mjs': "Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 1000))" },
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'Error: lost',
  },
  {
    claim: 'a streaming handler, which is not imitated',
    files: { 'index.mjs': 'export const handler = awslambda.streamifyResponse(() => {})' },
    errorType: 'LocalUnsupported',
    errorMessage: 'the local stack does not imitate awslambda.streamifyResponse',
  },
]

describe('where the runtime finds a handler', { concurrency: 4 }, () => {
  for (const { claim, files, handler, payload } of found) {
    it(claim, async (t) => {
      const { invoke } = runFunction(t, files, { ...(handler && { handler }) })
      const result = await invoke({})
      assert.deepEqual([result.payload, result.functionError], [payload, undefined])
    })
  }
})

describe('what the caller reads when a handler cannot be loaded', { concurrency: 4 }, () => {
  for (const { claim, files, handler, errorType, errorMessage } of failing) {
    it(claim, async (t) => {
      const { invoke, log } = runFunction(t, files, { ...(handler && { handler }) })
      const result = await invoke({})
      const document = JSON.parse(result.payload)
      assert.deepEqual([result.functionError, result.errorType], ['Unhandled', errorType])
      assert.equal(document.errorType, errorType)
      if (typeof errorMessage === 'string') assert.equal(document.errorMessage, errorMessage)
      else assert.match(document.errorMessage, errorMessage)
      assert.equal(result.initDurationMs, undefined)

      const platform = log.filter(({ stream }) => stream === 'platform').map(({ line }) => line)
      const error = `\tStatus: error\tError Type: ${errorType}`
      assert.match(platform[0] ?? '', /^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\t/)
      assert.ok(platform[0]?.endsWith(error), platform[0])
      assert.match(platform[1] ?? '', /^START RequestId: /)
      assert.match(platform[2] ?? '', /^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: invoke\t/)
      assert.ok(platform.at(-1)?.includes(error), platform.at(-1))
    })
  }
})
