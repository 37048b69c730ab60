/** Tracks requests in flight, so that a deployment stops only after them. */
export const createInFlightTracker = () => {
  const pending = new Set<Promise<unknown>>()
  return {
    track: <Result>(work: Promise<Result>): Promise<Result> => {
      const untrack = () => pending.delete(work)
      pending.add(work)
      work.then(untrack, untrack)
      return work
    },
    /** Also waits for work that begins in the meantime. */
    drained: async (): Promise<void> => {
      while (pending.size > 0) await Promise.allSettled(pending)
    },
  }
}
