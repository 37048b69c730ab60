/** One step of the set-up. Whether it is done is seen in the world each time: nothing remembers it. */
export interface Step {
  readonly title: string
  /** Looks, and changes nothing. */
  readonly look: () => Promise<Found>
}

export type Found =
  /** It is so already. */
  | { readonly state: 'done'; readonly says: string }
  /** It does not apply here, or cannot be done from here. */
  | { readonly state: 'skipped'; readonly says: string }
  | {
      readonly state: 'pending'
      /** Every value that it would write. */
      readonly shows: string
      /** @returns what is so now, in a line */
      readonly act: (progress: Progress) => Promise<string>
      /** In a dry run: has the steps after it see what it would have done. */
      readonly assume: () => void
    }
  /** A call that changes nothing, and therefore is made each time. */
  | { readonly state: 'try'; readonly act: (progress: Progress) => Promise<Tried> }

export type Tried =
  | { readonly greeting: string }
  /** Why it could not be tried from here, and how to try it. */
  | { readonly untried: string }

/** What is being waited for. */
export type Progress = (line: string) => void

export const done = (says: string): Found => ({ state: 'done', says })
export const leftOut = (says: string): Found => ({ state: 'skipped', says })
export const toDo = (
  shows: string,
  act: (progress: Progress) => Promise<string>,
  assume: () => void = () => {},
): Found => ({ state: 'pending', shows, act, assume })
export const trying = (act: (progress: Progress) => Promise<Tried>): Found => ({ state: 'try', act })
