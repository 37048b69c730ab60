/** A map that forgets its oldest entry when it holds too many. */
export const createBoundedMap = <Value>(capacity: number) => {
  const entries = new Map<string, Value>()
  return {
    get: (key: string): Value | undefined => entries.get(key),
    set: (key: string, value: Value): void => {
      entries.set(key, value)
      const [oldest] = entries.keys()
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest)
    },
    values: (): IterableIterator<Value> => entries.values(),
  }
}
