const literalQuery =
  /^\s*RETURN\s+(?<literal>-?\d{1,15}|'[^'\\]*'|true|false|null)(?:\s+AS\s+(?<alias>[A-Za-z_]\w*))?\s*;?\s*$/i

/**
 * The answer to a query that returns one literal, enough to see that a query arrives; undefined for any other, as there is no
 * graph behind it. Form: https://docs.aws.amazon.com/neptune/latest/userguide/access-graph-opencypher-queries.html
 */
export const literalAnswer = (query: string): { readonly results: readonly unknown[] } | undefined => {
  const { literal, alias } = literalQuery.exec(query)?.groups ?? {}
  if (literal === undefined) return undefined
  const value: unknown = literal.startsWith("'") ? literal.slice(1, -1) : JSON.parse(literal.toLowerCase())
  return { results: [Object.fromEntries([[alias ?? literal, value]])] }
}
