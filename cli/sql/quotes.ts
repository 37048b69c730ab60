/** Strings, quoted names and `$$` bodies, each to its end or to that of the text; comments that are closed. */
const quotes = /'(?:[^'\\]|\\.|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$\$[\s\S]*?(?:\$\$|$)|\/\*[\s\S]*$/g
const comments = /(?:--|\/\/).*|\/\*[\s\S]*?\*\//g
const either = new RegExp(`${comments.source}|${quotes.source}`, 'g')

/** The text, as long as it was, with spaces for comments, and dots for what stands in quotes or in a comment that is still open. */
export const masked = (text: string): string =>
  text.replace(either, (found) => (found.search(comments) === 0 ? ' ' : '·').repeat(found.length))
