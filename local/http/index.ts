export { headerValue, headerValues } from './headers.ts'
export { close, listen } from './listen.ts'
export { createWireServer } from './server.ts'
export type { WireAnswer, WireRequest } from './types.ts'
