import { masked } from './quotes.ts'

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
      if (!masked(kept).trimEnd().endsWith(';')) return undefined
      const statement = kept
      kept = ''
      return statement
    },
    clear: () => {
      kept = ''
    },
  }
}
