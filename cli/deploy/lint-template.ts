import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { CommandFailure } from '../command-failure.ts'

interface LintOptions {
  readonly root: string
  /** Its PATH, and what the linter is started with. */
  readonly env: Environment
  readonly templateFile: string
  readonly region: string
}

/**
 * Runs cfn-lint on the template. Undefined if it is installed neither on the PATH nor in `.venv`, where the tests install it.
 * @throws CommandFailure with the errors it finds
 */
export const lintTemplate = async ({ root, env, templateFile, region }: LintOptions): Promise<string | undefined> => {
  const linter = await findLinter(root, env)
  if (linter === undefined) return undefined
  const { code, output } = await runLinter(linter, ['--regions', region, '--template', templateFile], env)
  // The exit code is a sum: 2 for errors, 4 for warnings, 8 for hints; 1 when it could not run.
  if ((code & 3) !== 0) {
    throw new CommandFailure(`The template is invalid. cfn-lint reports:\n${output.trim()}`, {
      remedy: 'This is likely a bug in snowgate. Please report it.',
    })
  }
  return output.trim()
}

const findLinter = async (root: string, { PATH = '' }: Environment): Promise<string | undefined> => {
  const folders = [join(root, '.venv', 'bin'), ...PATH.split(delimiter)]
  for (const folder of folders) {
    const file = join(folder, 'cfn-lint')
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}

const runLinter = (
  file: string,
  args: readonly string[],
  env: Environment,
): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve) => {
    execFile(file, args, { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, output: stdout + stderr })
    })
  })
