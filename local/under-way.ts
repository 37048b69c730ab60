/** Work that is under way, to be waited for before its surroundings go. */
export const createUnderWay = () => {
  const works = new Set<Promise<unknown>>()
  return {
    follow: <Result>(work: Promise<Result>): Promise<Result> => {
      const done = () => works.delete(work)
      works.add(work)
      work.then(done, done)
      return work
    },
    /** Work that begins in the meantime is waited for as well. */
    ended: async (): Promise<void> => {
      while (works.size > 0) await Promise.allSettled(works)
    },
  }
}
