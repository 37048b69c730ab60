import type { Connection, ConnectionOptions } from 'snowflake-sdk'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { CommandFailure } from '../command-failure.ts'
import { readConnectionSettings } from './connection-settings.ts'
import { type SnowflakeConnection, StatementRejected, type StatementResult } from './snowflake-connection.ts'
import { splitStatements } from './sql-statements.ts'

/** What `snow` calls otherwise than the driver, which knows the others in either spelling. */
const driverParameterNames: Readonly<Record<string, string>> = {
  private_key_raw: 'privateKey',
  private_key_file_pwd: 'privateKeyPass',
  private_key_passphrase: 'privateKeyPass',
}

/** Logs in to a real account with a connection of `snow`, by the official driver. */
export const createDriverConnection = async (
  connectionName: string | undefined,
  env: Environment,
  print: (line: string) => void,
): Promise<SnowflakeConnection> => {
  const { name, parameters } = readConnectionSettings(connectionName, env)
  const { PRIVATE_KEY_PASSPHRASE: passphrase } = env
  const options = Object.fromEntries(
    Object.entries({ ...(passphrase !== undefined && { private_key_passphrase: passphrase }), ...parameters }).map(
      ([key, value]) => [driverParameterNames[key] ?? key, value],
    ),
  )
  const { account, user = '?' } = options
  print(`Logging in to Snowflake with connection ${name} (${user}, account ${account}) …`)
  const connection = await logIn(options, name)
  return {
    name: `the Snowflake account ${account}`,
    run: async (sql) => {
      const results: StatementResult[] = []
      for (const statement of splitStatements(sql)) results.push(await execute(connection, statement))
      return results
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => connection.destroy(() => resolve())),
  }
}

const loadDriver = async () => {
  const { default: driver } = await import('snowflake-sdk')
  const silent = () => undefined
  driver.configure({ customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent } })
  return driver
}

const logIn = async (options: Readonly<Record<string, unknown>>, name: string): Promise<Connection> => {
  const driver = await loadDriver()
  try {
    // Once: its own retries would hide for minutes what the first answer was.
    const connectionOptions = {
      application: 'snowgate',
      ...driver.normalizeConnectionOptions(options),
      sfRetryMaxLoginRetries: 0,
    }
    // The driver validates the parameters of the file.
    const connection = driver.createConnection(connectionOptions as ConnectionOptions)
    await new Promise<void>((resolve, reject) => {
      connection.connect((error) => (error ? reject(error) : resolve()))
    })
    return connection
  } catch (error) {
    throw new CommandFailure(`Login with connection ${name} failed. ${messageOf(error)}`, {
      remedy: `Test it with: snow connection test -c ${name}. Explain the error with: npx snowgate explain`,
    })
  }
}

const execute = (connection: Connection, sqlText: string): Promise<StatementResult> =>
  new Promise((resolve, reject) => {
    connection.execute({
      sqlText,
      rowMode: 'array',
      fetchAsString: ['Number', 'Boolean', 'Date', 'JSON', 'Buffer'],
      complete: (error, statement, rows = []) => {
        if (error) {
          const { code, message } = error
          return reject(new StatementRejected(message, code === undefined ? {} : { code: String(code) }))
        }
        resolve({
          columns: (statement.getColumns() ?? []).map((column) => column.getName()),
          rows: rows.map((row: readonly unknown[]) => row.map((value) => (value === null ? null : String(value)))),
        })
      },
    })
  })

const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && error.code !== undefined ? `${error.code}: ` : ''
  return `${code}${error.message}`
}
