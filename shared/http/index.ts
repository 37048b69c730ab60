export { lambdaAnswerLimit } from './answer.ts'
export { type Circumstances, httpFunction, type Story } from './http-function.ts'
export { isJsonObject, parseJson } from './json-text.ts'
