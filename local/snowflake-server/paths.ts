/** The driver protocol's paths; the SQL API is not among them. A group is the id of a query. */
export const paths = {
  login: /^\/session\/v1\/login-request$/,
  renewal: /^\/session\/token-request$/,
  heartbeat: /^\/session\/heartbeat$/,
  session: /^\/session$/,
  query: /^\/queries\/v1\/query-request$/,
  abort: /^\/queries\/v1\/abort-request$/,
  result: /^\/queries\/([\da-f-]{36})\/result$/,
  abortOfQuery: /^\/queries\/([\da-f-]{36})\/abort-request$/,
  monitoring: /^\/monitoring\/queries\/([\da-f-]{36})$/,
  telemetry: /^\/telemetry\/send$/,
} as const

/** Whether a path, without its query, is one that drivers of Snowflake call. */
export const isSnowflakePath = (path: string): boolean => Object.values(paths).some((form) => form.test(path))
