import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pythonBin } from './python-environment.ts'

/**
 * moto, a third-party imitation of AWS, as a server on a free loopback port. It stores the resources of a CloudFormation
 * template, and checks neither signatures nor permissions.
 */
export const startMoto = async () => {
  const child = spawn(join(pythonBin, 'moto_server'), ['--host', '127.0.0.1', '--port', '0'], {
    env: { PATH: process.env['PATH'], PYTHONUNBUFFERED: '1', PYTHONWARNINGS: 'ignore' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line)
        const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1]
        if (found !== undefined) resolve(found)
      })
    }
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`moto exited before it listened:\n${output.join('\n')}`)))
  })
  return {
    url,
    stop: () => {
      child.kill()
    },
  }
}
