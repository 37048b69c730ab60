import { utcTime } from './finish-time.ts'
import { dryRunKey, type KeypairResult } from './keypair-context.ts'
import { describeUserSql, quotedUser } from './public-keys.ts'

export interface ReportInput {
  readonly stage: string
  readonly login: { readonly user: string; readonly privateKey: string; readonly passphrase: string }
  readonly dryRun: boolean
  /** The completed steps, or those of a dry run. */
  readonly steps: readonly string[]
  readonly files: readonly string[]
  /** The same command with other flags. */
  readonly commandWith: (flags: readonly string[]) => string
}

/** The output of --json, without secrets. */
export const reportJson = (
  { publicHalf, property, statements, nextStep }: KeypairResult,
  input: ReportInput,
): string => {
  const { stage, login, dryRun, steps, files, commandWith } = input
  return `${JSON.stringify(
    {
      stage,
      user: login.user,
      parameters: { privateKey: login.privateKey, passphrase: login.passphrase },
      dryRun,
      steps,
      // A dry run creates none.
      fingerprint: publicHalf === dryRunKey.publicHalf ? null : publicHalf.fingerprint,
      publicKey: publicHalf === dryRunKey.publicHalf ? null : publicHalf.body,
      property: `${property}_FP`,
      statements,
      files,
      next: nextStep
        ? { command: commandWith(nextStep.flags), notBefore: nextStep.notBefore?.toISOString() ?? null }
        : null,
    },
    null,
    2,
  )}\n`
}

/** On standard output: the statements as a script, or the fingerprint where there is nothing to run. */
export const reportStdout = (
  { publicHalf, property, statements }: KeypairResult,
  { login: { user } }: ReportInput,
): string =>
  statements.length === 0
    ? `${publicHalf.fingerprint}\n`
    : [...statements, `-- ${property}_FP must now be ${publicHalf.fingerprint}:`, describeUserSql(user)]
        .map((line) => `${line}\n`)
        .join('')

/** On standard error: what is left to do. */
export const reportNextSteps = (
  { publicHalf, property, statements, nextStep }: KeypairResult,
  { login: { user }, commandWith }: ReportInput,
): string => {
  const lines = [
    ...(statements.length > 0
      ? [
          `Run the statements in Snowflake as the owner of ${quotedUser(user)}, for example SECURITYADMIN.`,
          'Check DESC USER first: the statements replace existing keys, and logins with the replaced keys will fail.',
          `Afterwards, DESC USER ${quotedUser(user)} shows ${publicHalf.fingerprint} as ${property}_FP.`,
        ]
      : [`DESC USER ${quotedUser(user)} shows ${publicHalf.fingerprint} as ${property}_FP.`]),
    ...(nextStep?.notBefore
      ? [
          `Running functions read the new key by ${utcTime(nextStep.notBefore)}; ECS tasks read it at start. After that,`,
          `and after restarting every task, remove the previous key: ${commandWith(nextStep.flags)}`,
        ]
      : []),
    ...(nextStep && !nextStep.notBefore
      ? [
          `After running them, continue with: ${commandWith(nextStep.flags)}`,
          'It first logs in with the new key. If Snowflake cannot be reached from here, add --registered.',
        ]
      : []),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
