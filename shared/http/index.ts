export { httpFunction, type Story } from './http-function.ts'
export { isJsonObject } from './json-text.ts'
