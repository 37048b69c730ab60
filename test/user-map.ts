import { join } from 'node:path'
import { defaultRegion } from '../cli/osls/index.ts'
import { derive } from '../infra/index.ts'
import { AccessMapError, readAccessMap } from '../shared/access/index.ts'

const root = join(import.meta.dirname, '..')

/** The user's own map, which may say anything. */
export const userMap = join(root, 'access.yml')

export interface MapReport {
  /** Those for which a template can be derived. */
  readonly stages: readonly string[]
  /** What is wrong with the map, a message for each mistake. */
  readonly problems: readonly string[]
}

/** Whether a map follows the schema, and whether AWS takes what is derived from each of its stages. */
export const checkMap = (path: string, region = defaultRegion(root)): MapReport => {
  const map = attempt(() => readAccessMap(path, 'access.yml'))
  if (typeof map === 'string') return { stages: [], problems: [map] }
  const derived = [...map].map(([name, stage]) => ({ name, result: attempt(() => derive(name, stage, region)) }))
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
