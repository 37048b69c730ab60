import { join } from 'node:path'
import { defaultRegion } from '../cli/osls/default-region.ts'
import { deriveTemplate } from '../infra/template/derive-template.ts'
import { AccessMapError, readAccessMap } from '../shared/access/index.ts'

const root = join(import.meta.dirname, '..')

/** The user's own access map, with any content. */
export const userMap = join(root, 'access.yml')

export interface MapReport {
  /** The stages with a derived template. */
  readonly stages: readonly string[]
  /** One message for each problem. */
  readonly problems: readonly string[]
}

/** Checks a map against the schema, and derives the template of each stage within AWS's limits. */
export const checkMap = (path: string, region = defaultRegion(root)): MapReport => {
  const map = attempt(() => readAccessMap(path, 'access.yml'))
  if (typeof map === 'string') return { stages: [], problems: [map] }
  const derived = [...map].map(([name, stage]) => ({
    name,
    result: attempt(() => deriveTemplate(name, stage, region)),
  }))
  return {
    stages: derived.flatMap(({ name, result }) => (typeof result === 'string' ? [] : [name])),
    problems: derived.flatMap(({ name, result }) =>
      typeof result === 'string' ? [`access.yml, stage ${name}: ${result}`] : [],
    ),
  }
}

const attempt = <Value>(read: () => Value): Value | string => {
  try {
    return read()
  } catch (error) {
    if (error instanceof AccessMapError) return error.message
    throw error
  }
}
