import { CommandFailure } from '../command-failure.ts'
import type { SnowflakeConnection } from '../snowflake/snowflake-connection.ts'
import { splitStatements } from '../snowflake/sql-statements.ts'
import type { PrintProgress } from './setup-step.ts'

/** The statements without comments and without the bodies of Python functions, which `setup sql` prints. */
export const previewSql = (script: string): string =>
  statementsOf(script)
    .map((statement) => statement.replace(/\$\$[\s\S]*\$\$/, '$$$$ … $$$$'))
    .map((statement) => `${statement.replaceAll(/^/gm, '    ')};`)
    .join('\n')

/** One after the other, so that the one that fails can be named. */
export const runSqlScript = async (snowflake: SnowflakeConnection, script: string, progress: PrintProgress) => {
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
