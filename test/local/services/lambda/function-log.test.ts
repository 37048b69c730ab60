import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runFunction } from './running-functions.ts'

const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`

const writing = `
  console.log('at start')
  const writes = {
    levels: () => { for (const level of ['trace', 'debug', 'info', 'log', 'warn', 'error']) console[level]('%s said', level, { a: 1 }) },
    lines: () => console.log('one\\ntwo'),
    plain: () => { process.stdout.write('plain\\nunfini'); process.stdout.write('shed') },
    stderr: () => process.stderr.write('on stderr\\n'),
    much: () => { for (let i = 0; i < 500; i += 1) console.log('line', i, 'é'.repeat(20)) },
    muchAndExits: () => { writes.much(); process.exit(1) },
    flood: () => { process.stdout.write('x'.repeat(3_000_000)); return 'done' },
    throws: () => { throw Object.assign(new TypeError('boom', { cause: 'unseen' }), { code: 'E_BOOM', detail: { id: 7 } }) },
    throwsText: () => { throw 'text' },
    throwsCircular: () => { const e = new Error('round'); e.self = { e }; e.self.self = e.self; throw e },
    late: () => { setTimeout(() => console.log('late'), 30) },
    exits: () => process.exit(2),
    waits: () => new Promise((resolve) => setTimeout(resolve, 60_000)),
  }
  export const handler = ({ write }) => writes[write]()
`

const id = '0f1e2d3c-0000-4000-8000-000000000001'
const own = (log: readonly { readonly stream: string; readonly requestId?: string; readonly line: string }[]) =>
  log.filter(({ stream, requestId }) => stream !== 'platform' && requestId === id)

describe('the log of a function', { concurrency: 4 }, () => {
  it('stands between START, END and REPORT, as in CloudWatch', async (t) => {
    const { invoke, log } = runFunction(t, { 'index.mjs': writing })
    await invoke({ write: 'lines' })
    await invoke({ write: 'lines' }, { requestId: 'second' })
    const report = String.raw`Duration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d\d+ MB\t`
    const expected: [string, string | undefined, RegExp][] = [
      ['stdout', undefined, new RegExp(`^${time}\t-\tINFO\tat start$`)],
      ['platform', id, new RegExp(`^START RequestId: ${id} Version: \\$LATEST$`)],
      ['stdout', id, new RegExp(`^${time}\t${id}\tINFO\tone\ntwo$`)],
      ['platform', id, new RegExp(`^END RequestId: ${id}$`)],
      ['platform', id, new RegExp(`^REPORT RequestId: ${id}\t${report}Init Duration: \\d+\\.\\d\\d ms\t$`)],
      ['platform', 'second', /^START RequestId: second Version: \$LATEST$/],
      ['stdout', 'second', new RegExp(`^${time}\tsecond\tINFO\tone\ntwo$`)],
      ['platform', 'second', /^END RequestId: second$/],
      ['platform', 'second', new RegExp(`^REPORT RequestId: second\t${report}$`)],
    ]
    assert.equal(log.length, expected.length)
    for (const [index, [stream, requestId, line]] of expected.entries()) {
      const entry = log[index]
      assert.deepEqual([entry?.functionName, entry?.stream, entry?.requestId], ['hello', stream, requestId])
      assert.match(entry?.line ?? '', line)
    }
  })

  const cases = [
    {
      claim: 'console writes every level to stdout',
      write: 'levels',
      expected: ['TRACE', 'DEBUG', 'INFO', 'INFO', 'WARN', 'ERROR'].map((level, index) => {
        const method = ['trace', 'debug', 'info', 'log', 'warn', 'error'][index]
        return ['stdout', new RegExp(`^${time}\t${id}\t${level}\t${method} said { a: 1 }$`)] as const
      }),
    },
    {
      claim: 'what is written past console stays as it is, with or without its last newline',
      write: 'plain',
      expected: [
        ['stdout', /^plain$/],
        ['stdout', /^unfinished$/],
      ] as const,
    },
    { claim: 'stderr is marked', write: 'stderr', expected: [['stderr', /^on stderr$/]] as const },
    {
      claim: 'a thrown error is logged with what it carries',
      write: 'throws',
      expected: [
        [
          'stdout',
          new RegExp(
            `^${time}\t${id}\tERROR\tInvoke Error \t{"errorType":"TypeError","errorMessage":"boom","code":"E_BOOM","detail":{"id":7},"stack":\\["TypeError: boom","`,
          ),
        ],
      ] as const,
    },
    {
      claim: 'thrown text is logged as an error',
      write: 'throwsText',
      expected: [['stdout', /\tInvoke Error \t{"errorType":"Error","errorMessage":"text","stack":\[/]] as const,
    },
    {
      claim: 'an error that refers to itself is logged without what it carries',
      write: 'throwsCircular',
      expected: [['stdout', /\tInvoke Error \t{"errorType":"Error","errorMessage":"round","trace":\[/]] as const,
    },
  ]
  for (const { claim, write, expected } of cases) {
    it(claim, async (t) => {
      const { invoke, log } = runFunction(t, { 'index.mjs': writing })
      await invoke({ write })
      const written = own(log)
      assert.equal(written.length, expected.length, JSON.stringify(written))
      for (const [index, [stream, line]] of expected.entries()) {
        assert.equal(written[index]?.stream, stream)
        assert.match(written[index]?.line ?? '', line)
      }
    })
  }

  it('cuts a line that no event can hold', async (t) => {
    const { invoke, log } = runFunction(t, { 'index.mjs': writing })
    assert.equal((await invoke({ write: 'flood' })).payload, '"done"')
    const written = own(log).map(({ line }) => line)
    assert.ok(written.join('') === 'x'.repeat(3_000_000))
    assert.equal(Math.max(...written.map((line) => line.length)), 256 * 1024)
  })

  it('has all that was written before the result', async (t) => {
    const { invoke, log } = runFunction(t, { 'index.mjs': writing })
    for (let turn = 0; turn < 20; turn += 1) {
      await invoke({ write: 'much' })
      assert.equal(own(log.splice(0)).length, 500)
    }
  })

  it('has all that was written before an exit', async (t) => {
    const { invoke, log } = runFunction(t, { 'index.mjs': writing })
    await invoke({ write: 'muchAndExits' })
    assert.equal(own(log).length, 500)
  })

  it('says how an environment ended: by exiting', async (t) => {
    const { invoke, log } = runFunction(t, { 'index.mjs': writing })
    await invoke({ write: 'exits' })
    const [, words, end, report] = log.filter(({ stream }) => stream === 'platform').map(({ line }) => line)
    assert.equal(words, `RequestId: ${id} Error: Runtime exited with error: exit status 2\nRuntime.ExitError`)
    assert.equal(end, `END RequestId: ${id}`)
    assert.match(report ?? '', /\tStatus: error\tError Type: Runtime\.ExitError\t$/)
  })

  it('says how an environment ended: by timing out', async (t) => {
    const now = () => new Date('2026-11-23T08:00:00.000Z')
    const { invoke, log } = runFunction(t, { 'index.mjs': writing }, { timeout: 1, now })
    await invoke({ write: 'waits' })
    const [, words, end, report] = log.filter(({ stream }) => stream === 'platform').map(({ line }) => line)
    assert.equal(words, `2026-11-23T08:00:00.000Z ${id} Task timed out after 1.00 seconds`)
    assert.equal(end, `END RequestId: ${id}`)
    assert.match(report ?? '', /\tDuration: 1\d{3}\.\d\d ms\t.*\tStatus: timeout\t$/)
  })
})

describe('the tail of the log', { concurrency: 2 }, () => {
  it('is one invocation, initialization left out', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': writing })
    for (const requestId of ['first', 'second']) {
      const { logTail } = await invoke({ write: 'lines' }, { requestId })
      assert.match(
        logTail,
        new RegExp(
          `^START RequestId: ${requestId} Version: \\$LATEST\n${time}\t${requestId}\tINFO\tone\ntwo\nEND RequestId: ${requestId}\nREPORT RequestId: ${requestId}\t.*\t\n$`,
        ),
      )
    }
  })

  it('is the last 4 KB, beginning with a whole character', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': writing })
    const { logTail } = await invoke({ write: 'much' })
    const size = Buffer.byteLength(logTail)
    assert.ok(size <= 4_096 && size > 4_092, `${size}`)
    assert.equal(logTail.includes('\ufffd'), false)
    assert.match(logTail, /\tINFO\tline 499 é{20}\nEND RequestId: .*\nREPORT RequestId: .*\t\n$/)
  })
})
