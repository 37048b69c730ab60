import { createLambdaHandler } from '../../shared/http/index.ts'
import { hello, helloRow } from './hello.ts'

export const handler = createLambdaHandler(hello, helloRow)
