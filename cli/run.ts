import { constants } from 'node:os'
import { Command, CommanderError } from 'commander'
import { aborted } from './aborted.ts'
import { CommandFailure, exitCodes } from './command-failure.ts'
import { commands } from './commands.ts'
import type { CommandContext, CommandIo } from './io.ts'

/** Runs the command line and gives its exit code. Of the process it touches nothing but the streams that it is given. */
export const run = async (args: readonly string[], io: CommandIo): Promise<number> => {
  let exitCode: number = exitCodes.ok
  const outputClosed = new AbortController()
  // A reader that has read enough, such as head, closes the pipe: that ends the command, and is no failure.
  io.stdout.on('error', (error) => outputClosed.abort(error))
  const context: CommandContext = {
    ...io,
    signal: AbortSignal.any([io.signal, outputClosed.signal]),
    setExitCode: (code) => {
      exitCode = code
    },
  }
  // The first word that names a command: `help call` is about call.
  const name = args.find((arg) => Object.hasOwn(commands, arg))
  try {
    const finished = parse(args, name, context)
    const handlesSignal = name !== undefined && commands[name]?.handlesSignal
    await (handlesSignal ? finished : Promise.race([finished, aborted(context.signal)]))
    return exitCode
  } catch (error) {
    if (error === context.signal.reason && context.signal.aborted) return codeOfSignal(error)
    // commander has printed the message; help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    if (!(error instanceof CommandFailure)) throw error
    io.stderr.write(`snowgate: ${error.message}\n`)
    return error.exitCode
  }
}

const parse = async (args: readonly string[], name: string | undefined, context: CommandContext): Promise<void> => {
  const { stdout, stderr, isTerminal } = context
  const program = new Command('snowgate')
    .description(
      'Lets Snowflake and other AWS accounts call your Lambda functions, and your functions call AWS APIs and Snowflake, authenticated only with IAM.',
    )
    .addHelpText('after', '\nStart with: snowgate start')
    // Flags stand behind the command that they are for: setup has some, and so has setup sql.
    .enablePositionalOptions()
  for (const [one, { description, create }] of Object.entries(commands)) {
    program.addCommand((one === name ? await create(context) : new Command(one)).description(description))
  }
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command
      .exitOverride()
      .showHelpAfterError(
        `Run '${[command.parent?.parent?.name(), command.parent?.name(), command.name()].filter(Boolean).join(' ')} --help' for usage.`,
      )
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
        getOutHelpWidth: () => widthOf(stdout, isTerminal.stdout),
        getErrHelpWidth: () => widthOf(stdout, isTerminal.stdout),
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
  }
  await program.parseAsync(args, { from: 'user' })
}

const widthOf = (stdout: CommandIo['stdout'], isTerminal: boolean): number =>
  isTerminal && 'columns' in stdout && typeof stdout.columns === 'number' ? stdout.columns : 80

/** As shells encode a program ended by a signal. */
const codeOfSignal = (reason: unknown): number => {
  if (reason === 'SIGINT' || reason === 'SIGTERM') return 128 + constants.signals[reason]
  return exitCodes.ok
}
