/** Where two values of JSON differ, each place on a line; what is alike is left out. */
export const differences = (wanted: unknown, there: unknown, at: string): readonly string[] => {
  if (isObject(wanted) && isObject(there) && Array.isArray(wanted) === Array.isArray(there)) {
    const keys = [...new Set([...Object.keys(wanted), ...Object.keys(there)])]
    const step = (key: string) => (Array.isArray(wanted) ? `${at}[${key}]` : `${at}.${key}`)
    return keys.flatMap((key) => differences(member(wanted, key), member(there, key), step(key)))
  }
  return Object.is(wanted, there) ? [] : [`${at}: expected ${shown(wanted)}, deployed ${shown(there)}`]
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const member = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

const longest = 120

const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
