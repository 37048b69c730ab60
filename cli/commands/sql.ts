import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { CommandFailure, exitCodes, usageFailure } from '../command-failure.ts'
import type { CommandContext } from '../io.ts'
import { createLocalStackClient, type StatementResults, stackOption } from '../local-stack/local-stack-client.ts'
import { renderResult } from '../snowflake/render-result-set.ts'
import { createStatementReader } from '../snowflake/sql-statements.ts'

interface SqlOptions {
  readonly file?: string
  readonly as?: string
  readonly json?: boolean
  readonly stack: string
}

type RunStatements = (sql: string) => Promise<StatementResults>

export const createSqlCommand = (context: CommandContext): Command =>
  new Command('sql')
    .argument('[statements]', 'SQL statements, separated by ;')
    .option('-f, --file <path>', 'run a file; - reads standard input')
    .option('--as <caller>', 'Snowflake caller whose account runs the statements (default: the first)')
    .option('--json', 'print all results as JSON')
    .addOption(stackOption(context.env))
    .addHelpText(
      'after',
      `
Examples:
  snowgate setup sql | snowgate sql
  snowgate sql "SELECT hello(name) FROM (VALUES ('Alice'),('Bob')) AS t(name)"

The local Snowflake keeps its data until the stack stops.`,
    )
    .action((sqlArgument: string | undefined, options: SqlOptions) => sql(context, sqlArgument, options))

const sql = async (
  context: CommandContext,
  sqlArgument: string | undefined,
  { file, as, json, stack }: SqlOptions,
): Promise<void> => {
  if (sqlArgument !== undefined && file !== undefined)
    throw usageFailure('A statements argument and --file cannot be combined.')
  const session = randomUUID()
  const localStack = createLocalStackClient(stack)
  const run: RunStatements = (statements) =>
    localStack.runStatements({ session, sql: statements, ...(as !== undefined && { as }) })
  const statements = sqlArgument ?? (await readStatements(context, file))
  if (statements === undefined) return prompt(context, run)
  const answer = await run(statements)
  if (json) context.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  else printResults(context, answer)
  if (answer.failure) context.setExitCode(exitCodes.failed)
}

/** Of a file, or of what is piped in; undefined at a terminal. */
const readStatements = async (
  { cwd, stdin, isTerminal }: CommandContext,
  file: string | undefined,
): Promise<string | undefined> => {
  if (file === undefined && isTerminal.stdin) return undefined
  if (file === undefined || file === '-') return await text(stdin)
  return await readFile(resolve(cwd, file), 'utf8').catch(() => {
    throw usageFailure(`Cannot read ${file}.`)
  })
}

const printResults = ({ stdout, stderr }: CommandContext, { results, failure }: StatementResults): void => {
  for (const result of results) stdout.write(renderResult(result))
  if (!failure) return
  const code = failure.code === undefined ? '' : `${failure.code} (${failure.sqlState ?? '?'}): `
  stderr.write(`${code}${failure.message}\n`)
}

const prompt = async (context: CommandContext, run: RunStatements): Promise<void> => {
  const { stdin: input, stdout: output, stderr } = context
  const lines = createInterface({ input, output, prompt: 'snowflake> ' })
  const reader = createStatementReader()
  output.write('End a statement with ; and quit with Ctrl-D.\n')
  lines.on('SIGINT', () => {
    if (!reader.isOpen()) return lines.close()
    reader.clear()
    output.write('\n')
    lines.setPrompt('snowflake> ')
    lines.prompt()
  })
  lines.prompt()
  for await (const line of lines) {
    const statement = reader.add(line)
    if (statement !== undefined) {
      await run(statement).then(
        (answer) => printResults(context, answer),
        (error: unknown) => {
          if (!(error instanceof CommandFailure)) throw error
          stderr.write(`${error.message}\n`)
        },
      )
    }
    lines.setPrompt(reader.isOpen() ? '        -> ' : 'snowflake> ')
    lines.prompt()
  }
  output.write('\n')
}
