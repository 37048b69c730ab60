/** Where what is pasted is longer, its end is read: that is where errors stand. */
const maxPasteLength = 1_000_000

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** What stands before a line that was quoted, or drawn in a box by a terminal. */
const marginPattern = /^[ \t]*[>│┃|╷╵][ \t]?/gm
/** Frames of Node’s stacks and of Python’s: they part a message from its code. */
const stackFramePattern = /^[ \t]+at .*:\d+\)?[ {]*$|^[ \t]*File ".*", line \d+.*$/gm

/**
 * Restores a pasted text: removes colours, escapes and frames. Lines were wrapped either at a space or, by a terminal, at
 * the width of the longest line, even within a word. Hence two results.
 */
export const normalizePaste = (paste: string): readonly [string, string] => {
  const text = unescaped(withoutColours(paste.slice(-maxPasteLength)).replaceAll('\r\n', '\n'))
    .replace(marginPattern, '')
    .replace(stackFramePattern, '')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
  const lines = text.split('\n')
  const width = lines.reduce((most, { length }) => Math.max(most, length), 0)
  return [text, lines.map((line) => (line.length === width ? line : `${line}\n`)).join('')]
}

/** In one pass, unlike node:util's stripVTControlCharacters, which takes minutes for many unfinished links. ECMA-48, 5.4 */
const withoutColours = (text: string): string => {
  const [first = '', ...others] = text.split('\u001B')
  return [first, ...others.map(afterSequence)].join('')
}

const afterSequence = (part: string): string => {
  if (!part.startsWith(']')) return part.replace(/^(?:\[[0-9;?]{0,40}[@-~]|\\)/, '')
  const end = part.indexOf('\u0007')
  return end === -1 ? '' : part.slice(end + 1)
}

/** Escapes of HTML, and of JSON within JSON. */
const unescaped = (text: string): string =>
  text
    .replaceAll('&amp;', '&')
    .replace(/&(lt|gt|quot|apos|nbsp);/g, (_, name: string) => entities[name] ?? ' ')
    .replace(/&#(x?)([0-9a-f]{2,4});/gi, (_, hex: string, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, hex === '' ? 10 : 16)),
    )
    .replace(/\\{1,8}u([0-9a-f]{4})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\{1,8}[nrt]/g, ' ')
    .replace(/\\{1,8}(["'/])/g, '$1')
