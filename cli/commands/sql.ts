import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import { exitCodes } from '../exit-codes.ts'
import { openLocalStack, type Statements, stackOption } from '../local-stack/index.ts'
import { createStatementReader, renderResult } from '../sql/index.ts'

interface Options {
  readonly file?: string
  readonly as?: string
  readonly json?: boolean
  readonly stack: string
}

type Run = (sql: string) => Promise<Statements>

export const sqlCommand = new Command('sql')
  .description('run statements in the Snowflake of the local stack; without any, a prompt')
  .argument('[statements]', 'SQL, several statements with ; between')
  .option('-f, --file <path>', 'run a file; - is standard input')
  .option('--as <caller>', 'a Snowflake caller of the access map: its account (default: the first)')
  .option('--json', 'all results as one JSON object')
  .addOption(stackOption)
  .addHelpText(
    'after',
    `
Examples:
  snowgate setup sql | snowgate sql
  snowgate sql "SELECT hello(name) FROM (VALUES ('Alice'),('Bob')) AS t(name)"

What the local Snowflake holds is gone when the stack ends.`,
  )
  .action(sql)

async function sql(given: string | undefined, { file, as, json, stack }: Options): Promise<void> {
  if (given !== undefined && file !== undefined) throw usageFailure('Statements and --file both say what to run.')
  const session = randomUUID()
  const localStack = openLocalStack(stack)
  const run: Run = (statements) =>
    localStack.runStatements({ session, sql: statements, ...(as !== undefined && { as }) })
  const statements = given ?? (await readStatements(file))
  if (statements === undefined) return prompt(run)
  const answer = await run(statements)
  if (json) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  else show(answer)
  if (answer.failure) process.exitCode = exitCodes.failed
}

/** Of a file, or of what is piped in; undefined at a terminal. */
const readStatements = async (file: string | undefined): Promise<string | undefined> => {
  if (file === undefined && process.stdin.isTTY) return undefined
  if (file === undefined || file === '-') return await text(process.stdin)
  return await readFile(file, 'utf8').catch(() => {
    throw usageFailure(`${file} cannot be read.`)
  })
}

const show = ({ results, failure }: Statements): void => {
  for (const result of results) process.stdout.write(renderResult(result))
  if (!failure) return
  const code = failure.code === undefined ? '' : `${failure.code} (${failure.sqlState ?? '?'}): `
  process.stderr.write(`${code}${failure.message}\n`)
}

const prompt = async (run: Run): Promise<void> => {
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'snowflake> ' })
  const reader = createStatementReader()
  process.stdout.write('A statement ends with ; and Ctrl-D ends it all.\n')
  lines.on('SIGINT', () => {
    if (!reader.isOpen()) return lines.close()
    reader.clear()
    process.stdout.write('\n')
    lines.setPrompt('snowflake> ')
    lines.prompt()
  })
  lines.prompt()
  for await (const line of lines) {
    const statement = reader.add(line)
    if (statement !== undefined) {
      await run(statement).then(show, (error: unknown) => {
        if (!(error instanceof CommandFailure)) throw error
        process.stderr.write(`${error.message}\n`)
      })
    }
    lines.setPrompt(reader.isOpen() ? '        -> ' : 'snowflake> ')
    lines.prompt()
  }
  process.stdout.write('\n')
}
