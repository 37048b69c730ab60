import type { AllowedRoute } from './access-map-target.ts'

const actions = new Map<string, string>([
  ['GET /status', 'neptune-db:GetEngineStatus'],
  ['GET /openCypher', 'neptune-db:ReadDataViaQuery'],
  ['POST /openCypher', 'neptune-db:ReadDataViaQuery'],
])

export const neptuneRoutes = [...actions.keys()]

/** What a request is checked for. https://docs.aws.amazon.com/neptune/latest/userguide/iam-dp-actions.html */
export const neptuneAction = (method: string, path: string): string | undefined => actions.get(`${method} ${path}`)

/** What a route of the map needs. */
export const neptuneActionsFor = ({ method, path }: AllowedRoute): readonly string[] => {
  const pattern = `${method} ${path}`.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')
  return [...actions].filter(([route]) => new RegExp(`^${pattern}$`).test(route)).map(([, action]) => action)
}

/** Members and their values: https://docs.aws.amazon.com/neptune/latest/userguide/access-graph-status.html */
export const engineStatus = (startTime: Date) => ({
  status: 'healthy',
  startTime: javaDate(startTime),
  dbEngineVersion: 'development',
  role: 'writer',
  dfeQueryEngine: 'viaQueryHint',
  gremlin: { version: 'tinkerpop-3.5.2' },
  sparql: { version: 'sparql-1.1' },
  opencypher: { version: 'Neptune-9.0.20190305-1.0' },
  labMode: { ObjectIndex: 'disabled', ReadWriteConflictDetection: 'enabled' },
  features: {
    ResultCache: { status: 'disabled' },
    IAMAuthentication: 'enabled',
    Streams: 'disabled',
    AuditLog: 'disabled',
  },
  settings: { clusterQueryTimeoutInMs: '120000' },
})

/** `Wed Dec 29 02:29:24 UTC 2021` */
const javaDate = (date: Date): string => {
  const [, weekday, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(date.toUTCString()) ?? []
  return `${weekday} ${month} ${day} ${time} UTC ${year}`
}

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
