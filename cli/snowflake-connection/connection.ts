import { CommandFailure } from '../command-failure.ts'

/** A Snowflake account, as somebody who may set things up in it: the local one, or a real one through the official driver. */
export interface SnowflakeConnection extends AsyncDisposable {
  /** For people: `the Snowflake of the local stack`. */
  readonly name: string
  /**
   * Runs the statements one after the other, in one session.
   * @throws StatementRefused with the first failure; what ran before it has been run
   */
  readonly run: (sql: string) => Promise<readonly StatementResult[]>
}

/** Texts in Snowflake's output formats. What a statement without rows says is the one row of a column `status`. */
export interface StatementResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Snowflake's own refusal of a statement, or the limit of the local one, which has no code. */
export class StatementRefused extends CommandFailure {
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

/** `002003 … does not exist or not authorized`: the two are not told apart. */
export const isMissing = (error: unknown): error is StatementRefused =>
  error instanceof StatementRefused && /does not exist or not authorized/.test(error.message)

const nothing: StatementResult = { columns: [], rows: [] }

/** A single statement. */
export const runOne =
  ({ run }: Pick<SnowflakeConnection, 'run'>) =>
  async (statement: string): Promise<StatementResult> => {
    const [result = nothing] = await run(statement)
    return result
  }
