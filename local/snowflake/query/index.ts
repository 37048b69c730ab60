export { contextFunctions, contextValue, type Execution, type Session } from './context.ts'
export { evaluate, type FindFunction, type FindView } from './evaluate.ts'
export type { Column, Frame } from './frame.ts'
export { select } from './select.ts'
