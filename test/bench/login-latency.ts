import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createDriverClient } from '../../shared/snowflake/index.ts'
import { preparePython, pythonBin } from '../clients/python-environment.ts'
import { newKeyPair } from '../local/snowflake/server/snowflake-test-server.ts'
import { type Measurement, median, spread } from './measurement.ts'
import { startStackProcess } from './stack-process.ts'

const blocks = 4
const repeats = 10
const sql = 'SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_ACCOUNT(), CURRENT_REGION(), CURRENT_VERSION()'

interface Times {
  readonly login: number[]
  readonly query: number[]
}

/** A login by key pair and one query, as the warm probe has them, compared with the official Python connector, in alternating blocks. */
export const benchLogin = async (packageDirectory: string): Promise<Measurement[]> => {
  preparePython()
  const stack = await startStackProcess(packageDirectory)
  const { privateKey, publicBody } = newKeyPair()
  const der = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  await fetch(`${stack.url}/_snowgate/statements`, {
    method: 'POST',
    body: JSON.stringify({
      session: 'bench',
      sql: `CREATE USER bench TYPE = SERVICE RSA_PUBLIC_KEY = '${publicBody}'`,
    }),
  })
  const account = 'ABC12345'
  const driver = createDriverClient({ NO_PROXY: '127.0.0.1' })
  const ownBlock = async (times: Times) => {
    for (let done = 0; done < repeats; done++) {
      const { milliseconds } = await driver.runOnce({
        connection: { url: stack.url, account, credential: { kind: 'key-pair', user: 'BENCH', privateKey } },
        statement: sql,
        timeoutMs: 30_000,
      })
      times.login.push(milliseconds.login)
      times.query.push(milliseconds.query)
    }
  }
  const pythonBlock = async (times: Times) => {
    const { hostname: host, port } = new URL(stack.url)
    const connect = { account, host, port: Number(port), protocol: 'http', user: 'BENCH', private_key: der }
    const child = spawn(join(pythonBin, 'python'), [join(import.meta.dirname, 'login_times.py')], {
      env: { ...process.env, SNOWFLAKE_PLATFORM_DETECTION_TIMEOUT_SECONDS: '0' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    child.stdin.end(JSON.stringify({ connect, sql, repeats: repeats + 1 }))
    const { login, query } = JSON.parse(await text(child.stdout)) as Times // login_times.py prints it so
    // The first has the modules to load.
    times.login.push(...login.slice(1))
    times.query.push(...query.slice(1))
  }

  const own: Times = { login: [], query: [] }
  const python: Times = { login: [], query: [] }
  await ownBlock({ login: [], query: [] }) // loads the driver
  for (let block = 0; block < blocks; block++) {
    await ownBlock(own)
    await pythonBlock(python)
  }
  await stack.stop()
  return (['login', 'query'] as const).map((step) => ({
    name: `${step} at the local Snowflake, by key pair`,
    measured: `${median(own[step]).toFixed(1)} ms (${spread(own[step])})`,
    comparison: `Python connector: ${median(python[step]).toFixed(1)} ms (${spread(python[step])}); ${(median(own[step]) / median(python[step])).toFixed(2)} of it`,
    budget: '',
  }))
}
