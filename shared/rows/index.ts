export { answerRows, type RowFailures, type RowsAnswer } from './answer-rows.ts'
export { type BatchHeaders, parseBatchHeaders } from './batch-headers.ts'
export { parseRows, type Row, type RowForm } from './parse-rows.ts'
