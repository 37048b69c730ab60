/**
 * One root cause. Commands and statements can be copied; `<name>` is a value that the reader knows or that the error
 * message contains.
 */
export interface Cause {
  /** What is wrong, in one sentence. */
  readonly summary: string
  /** How to tell it apart from similar causes. */
  readonly howToTell: string
  /** How to fix it. */
  readonly fix: string
}
