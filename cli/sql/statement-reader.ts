/**
 * Puts lines together until they end a statement: with a semicolon that stands in no string, quoted name, comment or `$$` body.
 * The lines of an unfinished statement are kept for the next.
 */
export const createStatementReader = () => {
  let kept = ''
  return {
    /** True while a statement has begun and not ended. */
    isOpen: () => kept.trim() !== '',
    add: (line: string): string | undefined => {
      kept += `${line}\n`
      if (!outsideOfQuotes(kept).trimEnd().endsWith(';')) return undefined
      const statement = kept
      kept = ''
      return statement
    },
    clear: () => {
      kept = ''
    },
  }
}

/** Strings, quoted names and `$$` bodies, each to its end or to that of the text; comments that are closed. */
const quotes = /'(?:[^'\\]|\\.|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$\$[\s\S]*?(?:\$\$|$)|\/\*[\s\S]*$/g
const comments = /(?:--|\/\/).*|\/\*[\s\S]*?\*\//g
const either = new RegExp(`${comments.source}|${quotes.source}`, 'g')

/** What stands in quotes, or in a comment that is still open, becomes a dot: no semicolon of it is the last character. */
const outsideOfQuotes = (text: string): string =>
  text.replace(either, (found) => (found.search(comments) === 0 ? '' : '·'))
