import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startStack } from './stack.ts'

/** The local stack as a program: `snowgate start` packages the service and runs this. Its log goes to standard error. */
const { values } = parseArgs({
  options: {
    package: { type: 'string', default: '.serverless' },
    access: { type: 'string', default: 'access.yml' },
    port: { type: 'string', default: '4566' },
    seed: { type: 'string', default: randomBytes(16).toString('hex') },
  },
})

/** One write for all the lines of a turn: writing to standard error blocks, and a busy stack logs thousands a second. */
const lines: string[] = []
const flush = () => {
  if (lines.length > 0) process.stderr.write(`${lines.splice(0).join('\n')}\n`)
}
const print = (line: string) => {
  if (lines.push(line) === 1) setImmediate(flush)
}
process.once('exit', flush)

try {
  const stack = await startStack({
    packageDirectory: values.package,
    accessMapPath: values.access,
    port: Number(values.port),
    seed: values.seed,
    print,
  })
  const stop = async () => {
    await stack.stop()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // A parent that dies without a signal must not leave the stack behind.
  process.once('disconnect', stop)
  process.stdout.write(`listening ${stack.url}\n`)
} catch (error) {
  process.stderr.write(`The local stack did not start. ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
