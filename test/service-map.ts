import { join } from 'node:path'

/** The access map of the tests. The user's own `access.yml` may say anything, and no test but its own reads it. */
export const serviceMap = join(import.meta.dirname, 'maps', 'service.yml')
