import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunUdf } from '../engine/python-udf.ts'
import { LocalLimitError, SnowflakeError } from '../engine/snowflake-error.ts'

interface RunUdfOptions {
  /** Where the stack listens. */
  readonly url: string
  /** Whether a host, as the SQL names it, is that of the API that is deployed. */
  readonly isApiHost: (host: string) => boolean
  /** Where python3 is searched; that of the process. */
  readonly path?: string
}

const runnerOutput = z.union([
  z.object({ results: z.unknown() }),
  z.object({ missing: z.string() }),
  z.object({ error: z.string() }),
])

/** Milliseconds. */
const timeoutMs = 60_000

const runnerScript = join(import.meta.dirname, 'run_udf.py')

/**
 * Runs Python UDFs in the machine's own `python3`, a process for each query. What the shipped ones import and is not installed
 * has a stand-in, but for pandas. The hosts of the network rules lead to the stack.
 */
export const createRunUdf =
  ({ url, isApiHost, path = process.env['PATH'] ?? '' }: RunUdfOptions): RunUdf =>
  async ({ udf: { name, handler, body, allowedHosts }, credentials, rows }) => {
    const hosts = allowedHosts.map((host) => host.replace(/:443$/, '')).filter(isApiHost)
    const invocation = {
      body,
      handler,
      credentials,
      hosts: Object.fromEntries(hosts.map((host) => [host, new URL(url).host])),
    }
    // The rows are JSON already, and keep their digits.
    const output = await runPython(`${JSON.stringify(invocation).slice(0, -1)},"rows":${rows}}`, name, path)
    const parsed = runnerOutput.safeParse(output)
    if (!parsed.success) throw new TypeError(`The runner of ${name} answered something else.`)
    if ('results' in parsed.data) return JSON.stringify(parsed.data.results)
    if ('missing' in parsed.data) {
      const { missing } = parsed.data
      throw new LocalLimitError(
        `the Python package ${missing}, which ${name} imports (python3 -m pip install ${missing})`,
      )
    }
    // https://docs.snowflake.com/en/developer-guide/udf/python/udf-python-troubleshooting ; the code was seen in reports.
    throw new SnowflakeError(
      `Python Interpreter Error:\n${parsed.data.error}\n in function ${name} with handler ${handler}`,
      {
        code: '100357',
        sqlState: 'P0000',
      },
    )
  }

const runPython = (input: string, name: string, path: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    // Nothing of the person's own: no keys, and no proxy between here and here.
    const env = {
      PATH: path,
      HOME: process.env['HOME'] ?? '',
      NO_PROXY: '127.0.0.1',
      PYTHONDONTWRITEBYTECODE: '1',
    }
    const child = execFile(
      'python3',
      [runnerScript],
      { env, timeout: timeoutMs, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        if (error && 'code' in error && error.code === 'ENOENT') {
          return reject(new LocalLimitError(`a python3 on its PATH, in which ${name} could run`))
        }
        if (error?.killed) return reject(new LocalLimitError(`more than ${timeoutMs / 1_000} s for ${name}`))
        if (error)
          return reject(new LocalLimitError(`a python3 that could run ${name}: ${stderr.trim().split('\n').at(-1)}`))
        resolve(JSON.parse(stdout))
      },
    )
    child.stdin?.on('error', () => {}) // it ended before it had read everything; its exit tells
    child.stdin?.end(input)
  })
