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

try {
  const stack = await startStack({
    packageDirectory: values.package,
    accessMapPath: values.access,
    port: Number(values.port),
    seed: values.seed,
    print: (line) => process.stderr.write(`${line}\n`),
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
