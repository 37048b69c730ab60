/**
 * The lines that Lambda itself writes around what a function writes, in the form they have in CloudWatch.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export const startLine = (requestId: string) => `START RequestId: ${requestId} Version: $LATEST`

export const endLine = (requestId: string) => `END RequestId: ${requestId}`

/** `timeout`, or the error type of what ended the environment; absent while it lives on. */
export type EnvironmentEnd = { readonly status: 'timeout' } | { readonly status: 'error'; readonly errorType: string }

interface ReportMeasurements {
  readonly requestId: string
  readonly durationMs: number
  readonly initDurationMs: number | undefined
  readonly memorySize: number
  /** MB */
  readonly peakMemory: number
  readonly end: EnvironmentEnd | undefined
}

/** Billed is what ran, initialization included, in whole milliseconds. */
export const reportLine = ({
  requestId,
  durationMs,
  initDurationMs,
  memorySize,
  peakMemory,
  end,
}: ReportMeasurements): string =>
  [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initDurationMs ?? 0))} ms`,
    `Memory Size: ${memorySize} MB`,
    `Max Memory Used: ${peakMemory} MB`,
    ...(initDurationMs === undefined ? [] : [`Init Duration: ${initDurationMs.toFixed(2)} ms`]),
    ...statusOf(end),
    '',
  ].join('\t')

/** An initialization that failed, or that ran in the time of an invocation because an earlier one had failed. */
export const initReportLine = (durationMs: number, phase: 'init' | 'invoke', end: EnvironmentEnd): string =>
  [`INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms`, `Phase: ${phase}`, ...statusOf(end)].join('\t')

const statusOf = (end: EnvironmentEnd | undefined): string[] => {
  if (!end) return []
  return end.status === 'timeout' ? ['Status: timeout'] : ['Status: error', `Error Type: ${end.errorType}`]
}

/** What `X-Amz-Log-Type: Tail` gives back, in bytes. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const tailLimit = 4_096

/** Keeps the end of what is written to it. */
export const createLogTail = () => {
  let tail = Buffer.alloc(0)
  return {
    add: (line: string): void => {
      tail = Buffer.concat([tail, Buffer.from(`${line}\n`)]).subarray(-tailLimit)
    },
    /** Begins with a whole character. */
    text: (): string => tail.subarray(tail.findIndex((byte) => (byte & 0xc0) !== 0x80)).toString(),
  }
}

/** The longest event CloudWatch Logs takes, in characters here: what is longer is cut into several. */
const maxEventLength = 256 * 1024

/** Cuts a stream of text into log events. */
export const createLogLines = (onLine: (line: string) => void) => {
  let unfinished = ''
  // The runtime's console writes a line break inside a message as a carriage return.
  const emit = (line: string) => onLine(line.replace(/\r$/, '').replaceAll('\r', '\n'))
  return {
    write: (text: string): void => {
      const lines = `${unfinished}${text}`.split('\n')
      unfinished = lines.pop() ?? ''
      for (const line of lines) emit(line)
      while (unfinished.length > maxEventLength) {
        emit(unfinished.slice(0, maxEventLength))
        unfinished = unfinished.slice(maxEventLength)
      }
    },
    /** Nothing more belongs to the line that was begun. */
    flush: (): void => {
      if (unfinished) emit(unfinished)
      unfinished = ''
    },
  }
}
