export type { ServedAccount } from './login.ts'
export { isSnowflakePath } from './paths.ts'
export { createSnowflakeServer, type SnowflakeServerOptions } from './server.ts'
export type { IssuerKey } from './web-identity-token.ts'
