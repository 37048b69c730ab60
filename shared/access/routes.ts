import type { HttpMethod, Route } from './access-map.ts'
import { nearest } from './nearest.ts'

interface RouteRow {
  readonly path: string
  /** Its folder under `functions/`. */
  readonly functionName: string
  readonly methods: readonly HttpMethod[]
  /** Its handler passes `asynchronousBatches()`: see docs/functions.md. GET is then among the methods. */
  readonly asynchronous?: true
}

/** All routes. A new function needs a row here and a folder under `functions/`. */
export const routeTable: readonly RouteRow[] = [
  { path: '/hello', functionName: 'hello', methods: ['GET', 'PUT', 'POST'] },
  { path: '/invoke', functionName: 'invoke', methods: ['POST'] },
  { path: '/snowflake-probe', functionName: 'snowflake-probe', methods: ['GET', 'POST'] },
]

const rows = new Map(routeTable.map((row) => [row.path, row]))
const paths = [...rows.keys()]

/** Parses a route such as `POST /hello`, or says what is wrong and what to write instead. */
export const parseRoute = (text: string): Route | { readonly fault: string } => {
  const [method = '', path, ...rest] = text.split(' ')
  if (path === undefined || rest.length > 0) {
    return { fault: `a route is a method, one space and a path: write "POST ${guess(text)}"` }
  }
  const row = rows.get(path)
  if (!row) return { fault: `unknown path ${JSON.stringify(path)}: write "${method} ${guess(path)}"` }
  const admitted = [...row.methods, 'INVOKE' as const]
  const found = admitted.find((one) => one === method)
  if (!found) {
    const instead = nearest(method.toUpperCase(), admitted) ?? 'POST'
    return { fault: `${path} supports only ${admitted.join(', ')}: write "${instead} ${path}"` }
  }
  const { functionName, asynchronous } = row
  return { method: found, path, functionName, ...(asynchronous && { asynchronous }) }
}

export const routeText = ({ method, path }: Route): string => `${method} ${path}`

const guess = (text: string): string => nearest(`/${text.replace(/^.*\//, '')}`, paths) ?? paths[0] ?? '/'
