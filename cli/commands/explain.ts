import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { allTexts, type CauseId, causes } from '../../shared/diagnoses/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import { exitCodes } from '../exit-codes.ts'
import { causeInWords, explain, renderCause, renderExplained } from '../explain/index.ts'
import type { CommandContext } from '../io.ts'
import { table } from '../table.ts'

interface Options {
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
    .action((words: readonly string[], options: Options) => explainText(context, words, options))

const explainText = async (
  context: CommandContext,
  words: readonly string[],
  { file, list, json }: Options,
): Promise<void> => {
  const print = (answer: unknown): void => {
    context.stdout.write(typeof answer === 'string' ? answer : `${JSON.stringify(answer, null, 2)}\n`)
  }
  if (words.length > 0 && file !== undefined) throw usageFailure('A text argument and --file cannot be combined.')
  if (list) return print(json ? causes : table(Object.entries(causes).map(([id, { what }]) => [id, what])))

  if (words.length > 0 && words.every(isCause)) {
    const asked = words.map((id) => causeInWords(id))
    return print(json ? { causes: asked } : asked.map((one) => renderCause(one, saysOf(one.id))).join('\n'))
  }
  const explained = explain(words.length > 0 ? words.join(' ') : await read(context, file))
  if (json) print({ explained })
  if (explained.length === 0) throw unknown()
  if (!json) print(renderExplained(explained))
}

const isCause = (word: string): word is CauseId => Object.hasOwn(causes, word)

/** How the systems put it, as far as it is in words. */
const saysOf = (id: CauseId): readonly string[] =>
  allTexts.flatMap(({ system, texts }) =>
    texts
      .filter((row) => row.causes.includes(id))
      .flatMap(({ says, codes = [] }) => (says ?? codes).map((words) => `${system}: ${words}`)),
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

const unknown = () =>
  new CommandFailure('Unknown error.', {
    exitCode: exitCodes.unknown,
    remedy: 'Find failures with: npx snowgate doctor. On the local stack, snowgate call … --explain shows every check.',
  })
