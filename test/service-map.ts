import { join } from 'node:path'

/** The access map of the tests. The user's own `access.yml` can have any content; only its own test reads it. */
export const serviceMap = join(import.meta.dirname, 'maps', 'service.yml')
