// What the local Lambda starts for each execution environment. Stripping types and compiling is most of its cold start, and
// the compile cache keeps both. JavaScript: an entry in TypeScript loads Node's type stripper in every process.
import module from 'node:module'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..', '..', '..')
module.enableCompileCache(join(root, 'node_modules', '.cache', 'snowgate', 'compiled'))
await import('./main.ts')
// Environments are killed and never exit by themselves, so write what is new now.
module.flushCompileCache()
