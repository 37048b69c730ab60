/** One step of the setup. Its state is inspected in each run and not stored. */
export interface SetupStep {
  readonly title: string
  /** Read-only. */
  readonly inspect: () => Promise<StepState>
}

export type StepState =
  /** Nothing to do. */
  | { readonly state: 'done'; readonly message: string }
  /** Not applicable, or not possible from here. */
  | { readonly state: 'skipped'; readonly message: string }
  | {
      readonly state: 'pending'
      /** Every value that it would write. */
      readonly preview: string
      /** @returns the new state, in one line */
      readonly apply: (progress: PrintProgress) => Promise<string>
      /** In a dry run: later steps see the result. */
      readonly previewOnly: () => void
    }
  /** A read-only call, made in each run. */
  | { readonly state: 'try'; readonly apply: (progress: PrintProgress) => Promise<TestCallResult> }

export type TestCallResult =
  | { readonly answer: string }
  /** Why the call is not possible from here, and how to make it. */
  | { readonly reason: string }

/** Prints a line of progress. */
export type PrintProgress = (line: string) => void

export const alreadyDone = (message: string): StepState => ({ state: 'done', message })
export const notApplicable = (message: string): StepState => ({ state: 'skipped', message })
export const pendingChange = (
  preview: string,
  apply: (progress: PrintProgress) => Promise<string>,
  previewOnly: () => void = () => {},
): StepState => ({ state: 'pending', preview, apply, previewOnly })
export const testCall = (apply: (progress: PrintProgress) => Promise<TestCallResult>): StepState => ({
  state: 'try',
  apply,
})
