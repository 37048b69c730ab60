import { type PathSegments, parseTargetPath } from './target-path.ts'

export const targetMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export type TargetMethod = (typeof targetMethods)[number]

/** A request that a target allows: `GET /orders/{id}`. */
export interface AllowRule {
  readonly text: string
  readonly method: TargetMethod
  /** A string matches exactly. */
  readonly pattern: readonly (string | typeof oneSegment | typeof remainingSegments)[]
}

const oneSegment = Symbol('one segment')
const remainingSegments = Symbol('one segment or more')

/**
 * Parses a rule of the access map, or says what is wrong. In its path, `{id}` matches one segment and a trailing `*` matches
 * all remaining segments.
 */
export const parseAllowRule = (text: string): AllowRule | { readonly fault: string } => {
  const [method = '', path, ...rest] = text.split(' ')
  if (path === undefined || rest.length > 0) {
    return { fault: 'a rule is a method, one space and a path: write for example "GET /status"' }
  }
  const knownMethod = targetMethods.find((one) => one === method)
  if (!knownMethod)
    return { fault: `the method must be one of ${targetMethods.join(', ')}: write for example "GET ${path}"` }
  const parts = path.slice(1).split('/')
  const literal = parts.map((part, index) => (isPlaceholder(part, index === parts.length - 1) ? 'x' : part)).join('/')
  if (/[*{}]/.test(literal)) {
    return {
      fault:
        'a placeholder is a whole segment, {name}, and * is allowed only at the end of the path: write "GET /orders/{id}" or "GET /orders/*"',
    }
  }
  const segments = parseTargetPath(`${path.slice(0, 1)}${literal}`)
  if ('fault' in segments) return { fault: `${segments.fault}: write for example "${knownMethod} /status"` }
  const pattern = segments.map((segment, index) => {
    const part = parts[index] ?? ''
    if (part === '*') return remainingSegments
    return part.startsWith('{') ? oneSegment : segment
  })
  return { text, method: knownMethod, pattern }
}

/** Whether a rule allows the request. Compares decoded segments, case-sensitively. */
export const ruleAllows = (
  { method, pattern }: AllowRule,
  requestMethod: TargetMethod,
  segments: PathSegments,
): boolean =>
  method === requestMethod &&
  (pattern.at(-1) === remainingSegments ? segments.length >= pattern.length : segments.length === pattern.length) &&
  pattern.every((part, index) => (typeof part === 'string' ? part === segments[index] : segments[index] !== ''))

const isPlaceholder = (part: string, isLast: boolean): boolean =>
  /^\{[A-Za-z]\w{0,63}\}$/.test(part) || (isLast && part === '*')
