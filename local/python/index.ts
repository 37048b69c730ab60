export { createRunUdf } from './run-udf.ts'
