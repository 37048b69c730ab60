export { renderResult } from './render.ts'
export { createStatementReader } from './statement-reader.ts'
