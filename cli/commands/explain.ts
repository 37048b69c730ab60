import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { allMessages, type CauseId, causes } from '../../shared/diagnoses/index.ts'
import { alignColumns } from '../align-columns.ts'
import { CommandFailure, exitCodes, usageFailure } from '../command-failure.ts'
import { describeCause, explain } from '../explain/explain.ts'
import { renderCause, renderExplanations } from '../explain/render-explanation.ts'
import type { CommandContext } from '../io.ts'

interface ExplainOptions {
  readonly file?: string
  readonly list?: boolean
  readonly json?: boolean
}

export const createExplainCommand = (context: CommandContext): Command =>
  new Command('explain')
    .argument('[text...]', 'the error text, or cause ids (default: standard input)')
    .option('-f, --file <path>', 'read the error from a file; - reads standard input')
    .option('--list', 'list all known causes by id')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  snowgate explain '{"message":"Missing Authentication Token"}'
  snowgate call --as stranger POST /hello 2>&1 | snowgate explain
  snowgate explain role-path-in-arn

Exit codes: 0 explained, 2 usage error, 3 unknown error`,
    )
    .action((words: readonly string[], options: ExplainOptions) => explainText(context, words, options))

const explainText = async (
  context: CommandContext,
  words: readonly string[],
  { file, list, json }: ExplainOptions,
): Promise<void> => {
  const print = (answer: unknown): void => {
    context.stdout.write(typeof answer === 'string' ? answer : `${JSON.stringify(answer, null, 2)}\n`)
  }
  if (words.length > 0 && file !== undefined) throw usageFailure('A text argument and --file cannot be combined.')
  if (list) return print(json ? causes : alignColumns(Object.entries(causes).map(([id, { summary }]) => [id, summary])))

  if (words.length > 0 && words.every(isCause)) {
    const requestedCauses = words.map((id) => describeCause(id))
    return print(
      json
        ? { causes: requestedCauses }
        : requestedCauses.map((one) => renderCause(one, errorTextsOf(one.id))).join('\n'),
    )
  }
  const explained = explain(words.length > 0 ? words.join(' ') : await read(context, file))
  if (json) print({ explained })
  if (explained.length === 0) throw unknownError()
  if (!json) print(renderExplanations(explained))
}

const isCause = (word: string): word is CauseId => Object.hasOwn(causes, word)

/** The error texts of the systems. */
const errorTextsOf = (id: CauseId): readonly string[] =>
  allMessages.flatMap(({ system, messages: texts }) =>
    texts
      .filter((row) => row.causes.includes(id))
      .flatMap(({ phrases, codes = [] }) => (phrases ?? codes).map((words) => `${system}: ${words}`)),
  )

const read = async ({ cwd, stdin, stderr, isTerminal }: CommandContext, file = '-'): Promise<string> => {
  if (file !== '-') {
    return await readFile(resolve(cwd, file), 'utf8').catch(() => {
      throw usageFailure(`Cannot read ${file}.`)
    })
  }
  if (isTerminal.stdin) stderr.write('Paste the error, then press Ctrl-D on an empty line.\n')
  return await text(stdin)
}

const unknownError = () =>
  new CommandFailure('Unknown error.', {
    exitCode: exitCodes.unknownError,
    remedy: 'Find failures with: npx snowgate doctor. On the local stack, snowgate call … --explain shows every check.',
  })
