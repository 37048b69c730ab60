export { renderResult } from './render.ts'
export { splitStatements } from './split-statements.ts'
export { createStatementReader } from './statement-reader.ts'
