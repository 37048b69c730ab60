export { evaluate, type FindFunction, type FindView } from './evaluate.ts'
export type { Column, Frame } from './frame.ts'
export { select } from './select.ts'
export { contextFunctions, contextValue, type Execution, type SessionState } from './session-context.ts'
