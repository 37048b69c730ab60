/** The longest event CloudWatch Logs takes, in characters here: what is longer is cut into several. */
const longest = 256 * 1024

/** Cuts a stream of text into log events. */
export const createLines = (onLine: (line: string) => void) => {
  let unfinished = ''
  // The runtime's console writes a line break inside a message as a carriage return.
  const emit = (line: string) => onLine(line.replace(/\r$/, '').replaceAll('\r', '\n'))
  return {
    write: (text: string): void => {
      const lines = `${unfinished}${text}`.split('\n')
      unfinished = lines.pop() ?? ''
      for (const line of lines) emit(line)
      while (unfinished.length > longest) {
        emit(unfinished.slice(0, longest))
        unfinished = unfinished.slice(longest)
      }
    },
    /** Nothing more belongs to the line that was begun. */
    flush: (): void => {
      if (unfinished) emit(unfinished)
      unfinished = ''
    },
  }
}
