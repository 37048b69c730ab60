/** Strings, quoted names and `$$` bodies, each to its end or to that of the text; comments that are closed. */
const quotePattern = /'(?:[^'\\]|\\.|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$\$[\s\S]*?(?:\$\$|$)|\/\*[\s\S]*$/g
const commentPattern = /(?:--|\/\/).*|\/\*[\s\S]*?\*\//g
const quoteOrCommentPattern = new RegExp(`${commentPattern.source}|${quotePattern.source}`, 'g')

/** The text, as long as it was, with spaces for comments, and dots for what stands in quotes or in a comment that is still open. */
const maskQuotes = (text: string): string =>
  text.replace(quoteOrCommentPattern, (found) => (found.search(commentPattern) === 0 ? ' ' : '·').repeat(found.length))

/** The statements of a script, each with the comments before it and without its semicolon; what is comment alone is none. */
export const splitStatements = (script: string): readonly string[] => {
  const mask = maskQuotes(script)
  const ends = [...mask.matchAll(/;|$/g)].map(({ index }) => index)
  return ends.flatMap((end, at) => {
    const start = at === 0 ? 0 : (ends[at - 1] ?? 0) + 1
    return mask.slice(start, end).trim() === '' ? [] : [script.slice(start, end).trim()]
  })
}

/**
 * Puts lines together until they end a statement: with a semicolon that stands in no string, quoted name, comment or `$$` body.
 * The lines of an unfinished statement are kept for the next.
 */
export const createStatementReader = () => {
  let buffered = ''
  return {
    /** True while a statement has begun and not ended. */
    isOpen: () => buffered.trim() !== '',
    add: (line: string): string | undefined => {
      buffered += `${line}\n`
      if (!maskQuotes(buffered).trimEnd().endsWith(';')) return undefined
      const statement = buffered
      buffered = ''
      return statement
    },
    clear: () => {
      buffered = ''
    },
  }
}
