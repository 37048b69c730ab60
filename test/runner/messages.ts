/** What the runner sends to a worker: a test file to run. */
export interface FileOrder {
  readonly file: string
  /** Only tests whose title contains one of them; all where there is none. */
  readonly titles: readonly string[]
}

/** What a worker sends about the file that it runs. */
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
