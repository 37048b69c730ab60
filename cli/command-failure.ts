import { type ExitCode, exitCodes } from './exit-codes.ts'

/** A command that ends here, in words for the person who gave it. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: ExitCode

  /** @param remedy what to do about it, on a line of its own */
  constructor(message: string, { exitCode = exitCodes.failed, remedy }: { exitCode?: ExitCode; remedy?: string } = {}) {
    super(remedy === undefined ? message : `${message}\n${remedy}`)
    this.exitCode = exitCode
  }
}

export const usageFailure = (message: string, remedy?: string) =>
  new CommandFailure(message, { exitCode: exitCodes.usage, ...(remedy !== undefined && { remedy }) })
