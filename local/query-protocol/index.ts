export { isQueryRequest, members, parameters, type QueryError, queryAnswers, type Xml } from './query-protocol.ts'
export { signatureError } from './signature-error.ts'
