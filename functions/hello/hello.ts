import { ServiceError } from '../../shared/errors/index.ts'

/** `{"name"?: string}` → `"Hello, Alice"`, or `"Hello!"` when there is no name. */
export const hello = (input: unknown): string => {
  const name = parseName(input)
  return name ? `Hello, ${name}` : 'Hello!'
}

const parseName = (input: unknown): string | undefined => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ServiceError('INPUT_INVALID', { detail: 'It must be a JSON object such as {"name":"Alice"}.' })
  }
  const name: unknown = Object.hasOwn(input, 'name') ? Reflect.get(input, 'name') : undefined
  if (name === undefined || name === null) return undefined
  if (typeof name === 'string') return name
  throw new ServiceError('INPUT_INVALID', { detail: '"name" must be text, or absent.' })
}
