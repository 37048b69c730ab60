import { ServiceError } from '../../shared/errors/service-error.ts'
import { isJsonObject } from '../../shared/http/index.ts'
import type { RowMapping } from '../../shared/rows/parse-rows.ts'

/** `{"name"?: string}` → `"Hello, Alice"`, or `"Hello!"` without a name. */
export const hello = (input: unknown): string => {
  const name = parseName(input)
  return name ? `Hello, ${name}` : 'Hello!'
}

/** In SQL: `hello()` and `hello(name)`. */
export const helloRow: RowMapping = { parameters: ['name?'], toInput: ([, name]) => ({ name }) }

const parseName = (input: unknown): string | undefined => {
  if (!isJsonObject(input)) {
    throw new ServiceError('INPUT_INVALID', { detail: 'The input must be a JSON object such as {"name":"Alice"}.' })
  }
  const name = Object.hasOwn(input, 'name') ? input['name'] : undefined
  if (name === undefined || name === null) return undefined
  if (typeof name === 'string') return name
  throw new ServiceError('INPUT_INVALID', { detail: '"name" must be a string or absent.' })
}
