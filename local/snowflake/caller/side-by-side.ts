/** How many batches are under way at once; a service that answers 429 halves it. */
const usualWidth = 8

/** Runs tasks 0 … count-1 side by side, results in their order; the first failure stops what has not begun. */
export const sideBySide = async <Result>(
  count: number,
  task: (index: number, slowDown: () => void) => Promise<Result>,
  stop: () => void,
): Promise<readonly Result[]> => {
  const results = new Map<number, Result>()
  const failures: unknown[] = []
  let width = Math.min(count, usualWidth)
  let next = 0
  const slowDown = () => {
    width = Math.max(1, Math.floor(width / 2))
  }
  const seat = async (number: number) => {
    while (next < count && number < width && failures.length === 0) {
      const index = next++
      try {
        results.set(index, await task(index, slowDown))
      } catch (error) {
        failures.push(error)
        stop()
      }
    }
  }
  await Promise.all(Array.from({ length: width }, (_, number) => seat(number)))
  if (failures.length > 0) throw failures[0]
  return [...results].sort(([left], [right]) => left - right).map(([, result]) => result)
}
