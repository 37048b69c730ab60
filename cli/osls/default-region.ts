import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The default region of serverless.yml. */
export const defaultRegion = (root: string): string => {
  const text = readFileSync(join(root, 'serverless.yml'), 'utf8')
  const region = /^ {2}region: \$\{opt:region, '([a-z\d-]+)'\}$/m.exec(text)?.[1]
  if (region === undefined) throw new Error('serverless.yml names no region that --region could replace')
  return region
}
