/** One error in an access map. */
export interface AccessMapProblem {
  /** Both counted from 1. */
  readonly line: number
  readonly column: number
  /** `dev.callers.analytics.routes[1]`; empty for the file as a whole. */
  readonly path: string
  /** What is wrong and what to write instead. */
  readonly message: string
}

/** The access map is invalid. The message has one line for each problem. */
export class AccessMapError extends Error {
  override readonly name = 'AccessMapError'
  /** In line order. Empty if the text is valid but the requested stage does not exist. */
  readonly problems: readonly AccessMapProblem[]

  constructor(message: string, problems: readonly AccessMapProblem[] = [], options?: ErrorOptions) {
    super(message, options)
    this.problems = problems
  }
}

/** One line: `access.yml:12:9  dev.callers.analytics.routes[1]: what is wrong, and what to write instead` */
export const formatProblem = (fileName: string, { line, column, path, message }: AccessMapProblem): string =>
  `${fileName}:${line}:${column}  ${path && `${path}: `}${message}`.replace(/\p{Cc}/gu, '\u{fffd}')
