import type { ApiMethod } from '../../deployment/deployed-resources.ts'

export interface RouteMatch {
  readonly method: ApiMethod
  /** As they stand in the path, still percent-encoded. */
  readonly pathParameters: Readonly<Record<string, string>> | null
}

/**
 * The method that serves a path below the stage. Path and method are matched together; a literal segment beats `{name}`,
 * which beats `{name+}`; one trailing slash is ignored. (Recorded at the real service by LocalStack's tests.)
 */
export const findRoute = (methods: readonly ApiMethod[], httpMethod: string, path: string): RouteMatch | undefined =>
  methods
    .filter((method) => method.httpMethod === httpMethod || method.httpMethod === 'ANY')
    .map((method) => ({ method, pathParameters: matchPath(method.resourcePath, path) }))
    .filter((match): match is RouteMatch => match.pathParameters !== undefined)
    .sort((left, right) => specificity(right.method) - specificity(left.method))[0]

const matchPath = (resourcePath: string, path: string): RouteMatch['pathParameters'] | undefined => {
  const templateSegments = segments(resourcePath)
  const pathSegments = segments(path)
  const parameters: Record<string, string> = {}
  for (const [index, segment] of templateSegments.entries()) {
    const value = pathSegments[index]
    if (value === undefined) return undefined
    const name = /^\{(.+?)(\+?)\}$/.exec(segment)
    if (!name?.[1]) {
      if (segment !== value) return undefined
    } else if (name[2]) {
      parameters[name[1]] = pathSegments.slice(index).join('/')
      return parameters
    } else {
      parameters[name[1]] = value
    }
  }
  if (pathSegments.length !== templateSegments.length) return undefined
  return Object.keys(parameters).length > 0 ? parameters : null
}

const segments = (path: string): string[] => path.replace(/^\/+/, '').replace(/\/$/, '').split('/')

/** Literal segments weigh most, from left to right; an exact method beats ANY. */
const specificity = ({ resourcePath, httpMethod }: ApiMethod): number =>
  segments(resourcePath).reduce(
    (sum, segment) => sum * 3 + (/\+\}$/.test(segment) ? 0 : segment.startsWith('{') ? 1 : 2),
    0,
  ) + (httpMethod === 'ANY' ? 0 : 0.5)
