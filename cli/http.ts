import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Required, because an import evaluates every export of the module, WebSocket among them: 50 ms that no command needs. */
const http: typeof import('node:http') = require('node:http')
const https: typeof import('node:https') = require('node:https')

export const httpRequest = http.request
export const httpsRequest = https.request
