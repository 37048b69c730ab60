/** How many batches are under way at once; a service that answers 429 halves it. */
const defaultConcurrency = 8

/** Runs tasks 0 … count-1 side by side, results in their order; the first failure stops what has not begun. */
export const mapConcurrent = async <Result>(
  count: number,
  task: (index: number, slowDown: () => void) => Promise<Result>,
  stop: () => void,
): Promise<readonly Result[]> => {
  const results = new Map<number, Result>()
  const failures: unknown[] = []
  let concurrency = Math.min(count, defaultConcurrency)
  let next = 0
  const slowDown = () => {
    concurrency = Math.max(1, Math.floor(concurrency / 2))
  }
  const worker = async (number: number) => {
    while (next < count && number < concurrency && failures.length === 0) {
      const index = next++
      try {
        results.set(index, await task(index, slowDown))
      } catch (error) {
        failures.push(error)
        stop()
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, (_, number) => worker(number)))
  if (failures.length > 0) throw failures[0]
  return [...results].sort(([left], [right]) => left - right).map(([, result]) => result)
}
