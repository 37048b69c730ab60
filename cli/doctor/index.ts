export { diagnose } from './diagnose.ts'
export type { Order } from './patient.ts'
export { renderFailure, renderLine, renderSum, toJson } from './render.ts'
export type { Report } from './walk.ts'
