export { createDynamodb, type Dynamodb } from './dynamodb.ts'
