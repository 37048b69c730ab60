export { createDynamodb } from './dynamodb.ts'
