export { createDynamodb, type Dynamodb } from './dynamodb-endpoint.ts'
