import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { serviceMap } from '../service-map.ts'

const root = join(import.meta.dirname, '../..')

export interface StackProcess {
  readonly url: string
  /** From the compiled template to the ready line. */
  readonly milliseconds: number
  readonly stop: () => Promise<void>
}

/** Starts the stack in its own process. */
export const startStackProcess = async (packageDirectory: string, accessMap = serviceMap): Promise<StackProcess> => {
  const before = performance.now()
  const args = [join(root, 'local/main.ts'), '--package', packageDirectory, '--access', accessMap, '--port', '0']
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
  for await (const chunk of child.stdout) {
    const url = /listening (\S+)/.exec(String(chunk))?.[1]
    if (!url) continue
    return {
      url,
      milliseconds: performance.now() - before,
      stop: () =>
        new Promise((resolve) => {
          child.once('exit', () => resolve())
          child.kill()
        }),
    }
  }
  throw new Error('the stack did not start')
}
