import type { HttpMethod, Route } from './access-map.ts'
import { closestMatch } from './closest-match.ts'

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
    return { fault: `a route is a method, one space and a path: write "POST ${closestPath(text)}"` }
  }
  const row = rows.get(path)
  if (!row) return { fault: `unknown path ${JSON.stringify(path)}: write "${method} ${closestPath(path)}"` }
  const allowedMethods = [...row.methods, 'INVOKE' as const]
  const knownMethod = allowedMethods.find((one) => one === method)
  if (!knownMethod) {
    const suggestion = closestMatch(method.toUpperCase(), allowedMethods) ?? 'POST'
    return { fault: `${path} supports only ${allowedMethods.join(', ')}: write "${suggestion} ${path}"` }
  }
  const { functionName, asynchronous } = row
  return { method: knownMethod, path, functionName, ...(asynchronous && { asynchronous }) }
}

export const routeText = ({ method, path }: Route): string => `${method} ${path}`

const closestPath = (text: string): string => closestMatch(`/${text.replace(/^.*\//, '')}`, paths) ?? paths[0] ?? '/'
