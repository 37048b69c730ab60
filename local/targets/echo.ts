/** What of a request an echo tells back. */
export interface Echo {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, readonly string[]>>
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: string | null
}

const credentials = new Set(['authorization', 'x-amz-credential', 'x-amz-security-token', 'x-amz-signature'])

/** Without what signs it, neither in the headers nor in the query. */
export const withoutCredentials = ({ query, headers, ...rest }: Echo): Echo => ({
  ...rest,
  query: without(query),
  headers: without(headers),
})

const without = (lists: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(lists).filter(([name]) => !credentials.has(name.toLowerCase())))
