// snowflake-sdk reads it at load: without it, it calls the metadata services of three clouds.
process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true'

const shutdownSignal = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => shutdownSignal.abort(signal))
if (process.env['npm_lifecycle_event'] !== undefined) {
  // npx passes a signal to its shell, which dies of it alone; an npm that is killed passes nothing.
  const parent = process.ppid
  setInterval(() => process.ppid === parent || shutdownSignal.abort('SIGTERM'), 200).unref()
}

const { run } = await import('./run.ts')
process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  isTerminal: { stdin: process.stdin.isTTY, stdout: process.stdout.isTTY },
  signal: shutdownSignal.signal,
})
// What an ended command was waiting for would keep the process alive.
if (shutdownSignal.signal.aborted || process.stdout.errored) process.exit()
