import type { Environment } from './environment.ts'

/** The environments of one function. */
export interface Pool {
  /** Lends an environment, the most recently used first, or a new one; waits in line when as many as may be are lent. */
  readonly use: <Result>(work: (environment: Environment) => Promise<Result>) => Promise<Result>
  /** Ends every environment, lent ones too; who waits or comes later is refused. */
  readonly end: () => Promise<void>
}

/** `start` is told how many environments were started before. */
export const createPool = (start: (count: number) => Environment, size: number): Pool => {
  const living = new Set<Environment>()
  const idle: Environment[] = []
  const line: { readonly lend: (environment: Environment) => void; readonly refuse: (reason: unknown) => void }[] = []
  let started = 0
  let lent = 0
  let ending = false

  const startOne = (): Environment => {
    const environment = start(started++)
    living.add(environment)
    return environment
  }
  const discard = async (environment: Environment): Promise<void> => {
    await environment.end()
    living.delete(environment)
  }
  const warm = (): Environment | undefined => {
    for (let environment = idle.pop(); environment; environment = idle.pop()) {
      if (environment.usable()) return environment
      void discard(environment)
    }
    return undefined
  }
  const borrow = (): Promise<Environment> | Environment => {
    if (ending) throw new Error(stopping)
    if (lent === size) return new Promise((lend, refuse) => line.push({ lend, refuse }))
    const environment = warm() ?? startOne()
    lent += 1
    return environment
  }
  const giveBack = (environment: Environment): void => {
    lent -= 1
    if (environment.usable()) idle.push(environment)
    else void discard(environment)
    const next = line.shift()
    if (!next) return
    try {
      next.lend(warm() ?? startOne())
      lent += 1
    } catch (reason) {
      next.refuse(reason)
    }
  }
  return {
    use: async (work) => {
      const environment = await borrow()
      try {
        return await work(environment)
      } finally {
        giveBack(environment)
      }
    },
    end: async () => {
      ending = true
      for (const { refuse } of line.splice(0)) refuse(new Error(stopping))
      await Promise.all([...living].map(discard))
    },
  }
}

const stopping = 'the local stack is stopping'
