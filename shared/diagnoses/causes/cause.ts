/**
 * One broken thing. Commands and statements stand as they are typed; `<name>` stands for a value that only its reader knows,
 * or that the text of the error shows.
 */
export interface Cause {
  /** What is broken, in one sentence. */
  readonly what: string
  /** How it is told from its neighbours. */
  readonly tell: string
  /** What mends it. */
  readonly mend: string
}
