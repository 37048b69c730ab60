/** The runner's message to a worker: a test file to run. */
export interface TestFile {
  readonly file: string
  /** Only tests whose title contains one of these; empty: all tests. */
  readonly titles: readonly string[]
}

/** A worker's messages about its test file. */
export type WorkerMessage =
  | { readonly type: 'passed'; readonly title: readonly string[] }
  | { readonly type: 'skipped'; readonly title: readonly string[]; readonly reason: string }
  | {
      readonly type: 'failed'
      readonly title: readonly string[]
      readonly line: number | undefined
      readonly text: string
    }
  | { readonly type: 'left open'; readonly resources: readonly string[] }
  | { readonly type: 'done' }
