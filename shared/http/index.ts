export { httpFunction, type Story } from './http-function.ts'
