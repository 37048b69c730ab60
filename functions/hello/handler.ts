import { httpFunction } from '../../shared/http/index.ts'
import { hello, helloRow } from './hello.ts'

export const handler = httpFunction(hello, helloRow)
