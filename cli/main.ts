// snowflake-sdk reads it while it is loaded: without it, it asks three clouds whether this machine is theirs.
process.env['SNOWFLAKE_DISABLE_PLATFORM_DETECTION'] = 'true'

const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort(signal))
if (process.env['npm_lifecycle_event'] !== undefined) {
  // npx passes a signal to its shell, which dies of it alone; an npm that is killed passes nothing.
  const parent = process.ppid
  setInterval(() => process.ppid === parent || ending.abort('SIGTERM'), 200).unref()
}

const { run } = await import('./run.ts')
process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  isTerminal: { stdin: process.stdin.isTTY, stdout: process.stdout.isTTY },
  signal: ending.signal,
})
// What an ended command was waiting for would keep the process alive.
if (ending.signal.aborted || process.stdout.errored) process.exit()
