import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runFunction } from './running-functions.ts'

/** One handler with many ways to end; it counts its invocations, so that a fresh environment shows. */
const index = `
  import { setTimeout as sleep } from 'node:timers/promises'
  let count = 0
  const ends = {
    object: () => ({ a: 1 }),
    text: () => 'Grüße, 世界 \\u0000 \\ud800',
    nothing: () => {},
    notANumber: () => NaN,
    aFunction: () => () => {},
    promised: async () => { await sleep(1); return [1] },
    limit: () => 'x'.repeat(6291554),
    overLimit: () => 'x'.repeat(6291555),
    overLimitInBytes: () => 'é'.repeat(3145778),
    throws: () => { throw new Error('boom') },
    throwsNamed: () => { throw new RangeError('too far') },
    throwsText: () => { throw 'just text' },
    throwsNothing: () => { throw undefined },
    throwsObject: () => { throw { code: 7 } },
    throwsUnreadable: () => { throw Object.create(null) },
    throwsNameless: () => { throw Object.assign(new Error('who?'), { name: 42 }) },
    rejects: async () => { await sleep(1); throw new TypeError('later') },
    circular: () => { const a = {}; a.a = a; return a },
    bigInt: () => 1n,
    never: () => new Promise(() => {}),
    waits: () => sleep(60_000),
    spins: () => { for (;;) {} },
    exits: () => process.exit(0),
    exitsWith3: () => process.exit(3),
    exitsLater: async () => { setTimeout(() => process.exit(4), 5); await sleep(60_000) },
    kills: () => { process.kill(process.pid, 'SIGKILL'); return sleep(60_000) },
    aborts: () => process.abort(),
    throwsInTimer: async () => { setTimeout(() => { throw new Error('in a timer') }, 1); await sleep(60_000) },
    forgetsRejection: () => { Promise.reject(new Error('forgotten')); return 'fine' },
    forgetsOddRejection: () => { Promise.reject(Object.create(null)); return 'fine' },
    hogs: () => { const hoard = []; for (;;) hoard.push(new Array(1000).fill({}).map(() => ({ a: Math.random() }))) },
  }
  export const handler = ({ end }) => { count += 1; return end === 'count' ? count : ends[end]() }
`

interface Row {
  readonly claim: string
  readonly end: string
  /** JSON text of a success. */
  readonly payload?: string
  readonly errorType?: string
  readonly errorMessage?: string
  readonly trace?: RegExp | 'empty' | 'absent'
  readonly environment: 'kept' | 'renewed'
}

const id = '0f1e2d3c-0000-4000-8000-000000000001'

const rows: readonly Row[] = [
  { claim: 'an object is its JSON', end: 'object', payload: '{"a":1}', environment: 'kept' },
  { claim: 'text survives in any script', end: 'text', payload: '"Grüße, 世界 \\u0000 \\ud800"', environment: 'kept' },
  { claim: 'a promise is awaited', end: 'promised', payload: '[1]', environment: 'kept' },
  { claim: 'no result is null', end: 'nothing', payload: 'null', environment: 'kept' },
  { claim: 'NaN is null, as JSON has it', end: 'notANumber', payload: 'null', environment: 'kept' },
  { claim: 'a function as result is null', end: 'aFunction', payload: 'null', environment: 'kept' },
  {
    claim: 'a response of 6,291,556 bytes passes',
    end: 'limit',
    payload: `"${'x'.repeat(6291554)}"`,
    environment: 'kept',
  },
  {
    claim: 'one byte more is too large',
    end: 'overLimit',
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    trace: 'absent',
    environment: 'kept',
  },
  {
    claim: 'the limit counts bytes and not characters',
    end: 'overLimitInBytes',
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    trace: 'absent',
    environment: 'kept',
  },
  {
    claim: 'a thrown error has type, message and trace',
    end: 'throws',
    errorType: 'Error',
    errorMessage: 'boom',
    trace: /^Error: boom\n {4}at /,
    environment: 'kept',
  },
  {
    claim: 'the name of the error is its type',
    end: 'throwsNamed',
    errorType: 'RangeError',
    errorMessage: 'too far',
    trace: /^RangeError: too far\n/,
    environment: 'kept',
  },
  {
    claim: 'a rejection is like a throw',
    end: 'rejects',
    errorType: 'TypeError',
    errorMessage: 'later',
    trace: /^TypeError: later\n/,
    environment: 'kept',
  },
  {
    claim: 'thrown text is the message',
    end: 'throwsText',
    errorType: 'string',
    errorMessage: 'just text',
    trace: 'empty',
    environment: 'kept',
  },
  {
    claim: 'undefined can be thrown',
    end: 'throwsNothing',
    errorType: 'undefined',
    errorMessage: 'undefined',
    trace: 'empty',
    environment: 'kept',
  },
  {
    claim: 'a thrown object is only its text',
    end: 'throwsObject',
    errorType: 'object',
    errorMessage: '[object Object]',
    trace: 'empty',
    environment: 'kept',
  },
  {
    claim: 'what cannot be turned into text is reported all the same',
    end: 'throwsUnreadable',
    errorType: 'handled',
    errorMessage:
      'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    trace: 'empty',
    environment: 'kept',
  },
  {
    claim: 'an error whose name is no text is reported all the same',
    end: 'throwsNameless',
    errorType: '42',
    errorMessage: 'who?',
    trace: /^42: who\?\n/,
    environment: 'kept',
  },
  {
    claim: 'a result that refers to itself cannot be sent',
    end: 'circular',
    errorType: 'Runtime.JSONStringifyError',
    errorMessage: 'Unable to stringify response body',
    trace: /^/,
    environment: 'kept',
  },
  {
    claim: 'nor can a BigInt',
    end: 'bigInt',
    errorType: 'Runtime.JSONStringifyError',
    errorMessage: 'Unable to stringify response body',
    trace: /^/,
    environment: 'kept',
  },
  {
    claim: 'waiting too long is a timeout',
    end: 'waits',
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${id} Error: Task timed out after 1.00 seconds`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'so is an endless loop',
    end: 'spins',
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${id} Error: Task timed out after 1.00 seconds`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'exiting with 0 is an exit without a reason',
    end: 'exits',
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited without providing a reason`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'so is a promise that nothing will settle',
    end: 'never',
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited without providing a reason`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'another exit status is named',
    end: 'exitsWith3',
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited with error: exit status 3`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'an exit while the handler waits ends the invocation at once',
    end: 'exitsLater',
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited with error: exit status 4`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'a signal is named',
    end: 'kills',
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited with error: signal: killed`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'a crash is a signal',
    end: 'aborts',
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited with error: signal: aborted`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'an exception outside the promise ends the process',
    end: 'throwsInTimer',
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${id} Error: Runtime exited with error: exit status 1`,
    trace: 'absent',
    environment: 'renewed',
  },
  {
    claim: 'an unhandled rejection outweighs the result',
    end: 'forgetsRejection',
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'Error: forgotten',
    trace: /^/,
    environment: 'renewed',
  },
  {
    claim: 'also one that cannot be turned into text',
    end: 'forgetsOddRejection',
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage:
      'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    trace: /^/,
    environment: 'renewed',
  },
]

describe('what a function does, and what its caller gets', { concurrency: 4 }, () => {
  for (const { claim, end, payload, errorType, errorMessage, trace, environment } of rows) {
    it(claim, async (t) => {
      const { invoke, log } = runFunction(t, { 'index.mjs': index }, { timeout: 1 })
      const result = await invoke({ end })
      if (payload !== undefined) {
        assert.equal(result.payload, payload)
        assert.equal(result.functionError, undefined)
        assert.equal(result.errorType, undefined)
      } else {
        const document = JSON.parse(result.payload)
        assert.equal(result.functionError, 'Unhandled')
        assert.equal(result.errorType, errorType)
        assert.deepEqual([document.errorType, document.errorMessage], [errorType, errorMessage])
        if (trace === 'empty') assert.deepEqual(document.trace, [])
        else if (trace === 'absent') assert.equal('trace' in document, false)
        else assert.match(document.trace.join('\n'), trace ?? /^$/)
      }
      assert.equal((await invoke({ end: 'count' })).payload, environment === 'kept' ? '2' : '1')
      assert.equal(log.filter(({ line }) => line.startsWith('START')).length, 2)
    })
  }

  it('a heap beyond the memory size ends the child and nothing else', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': index }, { timeout: 60, memorySize: 128 })
    const [hog, neighbour] = await Promise.all([invoke({ end: 'hogs' }), invoke({ end: 'count' })])
    assert.equal(
      JSON.parse(hog.payload).errorMessage,
      `RequestId: ${id} Error: Runtime exited with error: signal: aborted`,
    )
    assert.equal(hog.errorType, 'Runtime.ExitError')
    assert.equal(neighbour.payload, '1')
    assert.match((await invoke({ end: 'count' })).payload, /^[12]$/)
  })
})
