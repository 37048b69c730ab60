/**
 * The lines that Lambda itself writes around what a function writes, in the form they have in CloudWatch.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export const startLine = (requestId: string) => `START RequestId: ${requestId} Version: $LATEST`

export const endLine = (requestId: string) => `END RequestId: ${requestId}`

/** `timeout`, or the error type of what ended the environment; absent while it lives on. */
export type EnvironmentEnd = { readonly status: 'timeout' } | { readonly status: 'error'; readonly errorType: string }

export interface Measures {
  readonly requestId: string
  readonly durationMs: number
  readonly initDurationMs: number | undefined
  readonly memorySize: number
  /** MB */
  readonly peakMemory: number
  readonly end: EnvironmentEnd | undefined
}

/** Billed is what ran, initialization included, in whole milliseconds. */
export const reportLine = ({ requestId, durationMs, initDurationMs, memorySize, peakMemory, end }: Measures): string =>
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
export const createTail = () => {
  let kept = Buffer.alloc(0)
  return {
    add: (line: string): void => {
      kept = Buffer.concat([kept, Buffer.from(`${line}\n`)]).subarray(-tailLimit)
    },
    /** Begins with a whole character. */
    text: (): string => kept.subarray(kept.findIndex((byte) => (byte & 0xc0) !== 0x80)).toString(),
  }
}
