import { z } from 'zod'
import { headerValue, type WireRequest } from '../../http.ts'
import { parameterOf, readJson } from './driver-protocol.ts'

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')

const loginBody = z.object({
  data: z.object({
    ACCOUNT_NAME: z.string(),
    LOGIN_NAME: text,
    AUTHENTICATOR: text.transform((value) => value || 'SNOWFLAKE'),
    PROVIDER: text,
    TOKEN: text,
    CLIENT_APP_ID: text,
    CLIENT_APP_VERSION: text,
  }),
})

export interface LoginRequest {
  readonly accountName: string
  readonly loginName: string
  readonly authenticator: string
  readonly provider: string
  readonly token: string
  readonly client: { readonly ip: string; readonly type: string; readonly version: string }
  /** Where the session is to begin; a name is as an identifier of SQL stands for it. */
  readonly sessionContext: Readonly<Partial<Record<'role' | 'warehouse' | 'database' | 'schema', string>>>
}

/** Undefined for a body that is none of a login. Role and warehouse stand in the query, all else in the body. */
export const readLoginRequest = (request: WireRequest): LoginRequest | undefined => {
  const { data: parsed } = loginBody.safeParse(readJson(request))
  if (!parsed) return undefined
  const { data } = parsed
  const sessionContext = new Map(
    Object.entries({ role: 'roleName', warehouse: 'warehouse', database: 'databaseName', schema: 'schemaName' })
      .map(([part, parameter]) => [part, parameterOf(request, parameter) ?? ''] as const)
      .filter(([, name]) => name !== '')
      .map(([part, name]) => [part, resolveIdentifier(name)]),
  )
  return {
    accountName: (data.ACCOUNT_NAME.split('.')[0] ?? '').toUpperCase(),
    loginName: data.LOGIN_NAME,
    authenticator: data.AUTHENTICATOR.toUpperCase(),
    provider: data.PROVIDER.toUpperCase(),
    token: data.TOKEN,
    client: {
      ip: request.sourceIp,
      type: data.CLIENT_APP_ID || (headerValue(request, 'client_app_id') ?? ''),
      version: data.CLIENT_APP_VERSION,
    },
    sessionContext: Object.fromEntries(sessionContext),
  }
}

const resolveIdentifier = (name: string): string =>
  /^".*"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name.toUpperCase()
