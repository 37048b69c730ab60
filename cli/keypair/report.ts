import { clock } from './earliest-finish.ts'
import { type Outcome, unmade } from './means.ts'
import { describeUser, quotedUser } from './public-keys.ts'

export interface Told {
  readonly stage: string
  readonly login: { readonly user: string; readonly privateKey: string; readonly passphrase: string }
  readonly dryRun: boolean
  /** What was done, or would be. */
  readonly steps: readonly string[]
  readonly files: readonly string[]
  /** The same command with other flags. */
  readonly commandWith: (flags: readonly string[]) => string
}

/** For programs: nothing secret is in it. */
export const jsonOf = ({ half, place, statements, next }: Outcome, told: Told): string => {
  const { stage, login, dryRun, steps, files, commandWith } = told
  return `${JSON.stringify(
    {
      stage,
      user: login.user,
      parameters: { privateKey: login.privateKey, passphrase: login.passphrase },
      dryRun,
      steps,
      // A dry run makes none.
      fingerprint: half === unmade.half ? null : half.fingerprint,
      publicKey: half === unmade.half ? null : half.body,
      shownAs: `${place}_FP`,
      statements,
      files,
      next: next ? { command: commandWith(next.flags), notBefore: next.notBefore?.toISOString() ?? null } : null,
    },
    null,
    2,
  )}\n`
}

/** On standard output: the statements as a script, or the fingerprint where there is nothing to run. */
export const answerOf = ({ half, place, statements }: Outcome, { login: { user } }: Told): string =>
  statements.length === 0
    ? `${half.fingerprint}\n`
    : [...statements, `-- ${place}_FP must now be ${half.fingerprint}:`, describeUser(user)]
        .map((line) => `${line}\n`)
        .join('')

/** On standard error: what is left to do. */
export const adviceOf = (
  { half, place, statements, next }: Outcome,
  { login: { user }, commandWith }: Told,
): string => {
  const lines = [
    ...(statements.length > 0
      ? [
          `Run the statements in Snowflake as the owner of ${quotedUser(user)}, for example SECURITYADMIN.`,
          'Check DESC USER first: the statements replace existing keys, and logins with the replaced keys will fail.',
          `Afterwards, DESC USER ${quotedUser(user)} shows ${half.fingerprint} as ${place}_FP.`,
        ]
      : [`DESC USER ${quotedUser(user)} shows ${half.fingerprint} as ${place}_FP.`]),
    ...(next?.notBefore
      ? [
          `Running functions read the new key by ${clock(next.notBefore)}; ECS tasks read it at start. After that,`,
          `and after restarting every task, remove the previous key: ${commandWith(next.flags)}`,
        ]
      : []),
    ...(next && !next.notBefore
      ? [
          `After running them, continue with: ${commandWith(next.flags)}`,
          'It first logs in with the new key. If Snowflake cannot be reached from here, add --registered.',
        ]
      : []),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
