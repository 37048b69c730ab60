import { masked } from './quotes.ts'

/** The statements of a script, each with the comments before it and without its semicolon; what is comment alone is none. */
export const splitStatements = (script: string): readonly string[] => {
  const mask = masked(script)
  const ends = [...mask.matchAll(/;|$/g)].map(({ index }) => index)
  return ends.flatMap((end, at) => {
    const start = at === 0 ? 0 : (ends[at - 1] ?? 0) + 1
    return mask.slice(start, end).trim() === '' ? [] : [script.slice(start, end).trim()]
  })
}
