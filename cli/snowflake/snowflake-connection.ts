import { CommandFailure } from '../command-failure.ts'

/** A Snowflake account with setup privileges: the local one, or a real one through the official driver. */
export interface SnowflakeConnection extends AsyncDisposable {
  /** As printed: `the Snowflake of the local stack`. */
  readonly name: string
  /**
   * Runs the statements one after the other, in one session.
   * @throws StatementRefused with the first failure; what ran before it has been run
   */
  readonly run: (sql: string) => Promise<readonly StatementResult[]>
}

/** Texts in Snowflake's output formats. A statement without rows has one row with the column `status`. */
export interface StatementResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Snowflake rejected a statement; without a code, the local Snowflake does not support it. */
export class StatementRejected extends CommandFailure {
  readonly code: string | undefined
  /** Of the local Snowflake: the statement may well be right. */
  readonly isLimit: boolean

  constructor(
    message: string,
    { code, limit = false }: { readonly code?: string | undefined; readonly limit?: boolean | undefined },
  ) {
    super(`Snowflake rejected a statement. ${code === undefined ? '' : `${code}: `}${message}`)
    this.code = code
    this.isLimit = limit
  }
}

/** `002003 … does not exist or not authorized`: Snowflake does not distinguish them. */
export const isMissingObject = (error: unknown): error is StatementRejected =>
  error instanceof StatementRejected && /does not exist or not authorized/.test(error.message)

const nothing: StatementResult = { columns: [], rows: [] }

/** A single statement. */
export const singleStatementRunner =
  ({ run }: Pick<SnowflakeConnection, 'run'>) =>
  async (statement: string): Promise<StatementResult> => {
    const [result = nothing] = await run(statement)
    return result
  }
