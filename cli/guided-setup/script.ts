import { CommandFailure } from '../command-failure.ts'
import type { SnowflakeConnection } from '../snowflake-connection/index.ts'
import { splitStatements } from '../sql/index.ts'
import type { Progress } from './step.ts'

/** The statements as they will be run, without what is said about them; bodies of Python are those of `setup sql`. */
export const showScript = (script: string): string =>
  statementsOf(script)
    .map((statement) => statement.replace(/\$\$[\s\S]*\$\$/, '$$$$ … $$$$'))
    .map((statement) => `${statement.replaceAll(/^/gm, '    ')};`)
    .join('\n')

/** One after the other, so that the one that fails can be named. */
export const runScript = async (snowflake: SnowflakeConnection, script: string, progress: Progress) => {
  const statements = statementsOf(script)
  progress(`Running ${statements.length} statements in ${snowflake.name} …`)
  for (const statement of statements) {
    await snowflake.run(statement).catch((error: unknown) => {
      if (!(error instanceof CommandFailure)) throw error
      throw new CommandFailure(`${error.message}\nStatement: ${statement.split('\n')[0]}`)
    })
  }
  await snowflake.run('USE ROLE "ACCOUNTADMIN"')
  return statements.length
}

/** Without comments that stand before a statement, or at its end. */
const statementsOf = (script: string): readonly string[] =>
  splitStatements(script).map((statement) => statement.replace(/^(?:--.*\n|\s)+/, ''))
