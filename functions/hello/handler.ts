import { httpFunction } from '../../shared/http/index.ts'
import { hello } from './hello.ts'

export const handler = httpFunction(hello)
