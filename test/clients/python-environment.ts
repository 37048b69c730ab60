import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const folder = join(root, '.venv')
const requirements = join(import.meta.dirname, 'requirements.txt')

/** Where the Python clients are installed: `.venv/bin`. */
export const pythonBin = join(folder, 'bin')

/** Makes `.venv` from requirements.txt, and again only when that file has changed. */
export const preparePython = (): void => {
  const expectedHash = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  const stamp = join(folder, 'requirements.sha256')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === expectedHash) return
  if (spawnSync('python3', ['--version']).status !== 0) {
    throw new Error('The foreign clients need python3 (3.10 or newer, with venv) on the PATH.')
  }
  process.stderr.write('Installing the Python clients into .venv; once, it takes about a minute …\n')
  rmSync(folder, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  const install = ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]
  execFileSync(join(pythonBin, 'pip'), install, { stdio: ['ignore', 'inherit', 'inherit'] })
  writeFileSync(stamp, expectedHash)
}
