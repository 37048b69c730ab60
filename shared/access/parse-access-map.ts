import { readFileSync } from 'node:fs'
import type * as z from 'zod'
import type { AccessMap } from './access-map.ts'
import { AccessMapError, type AccessMapProblem, problemText } from './access-map-error.ts'
import { callerKeys } from './caller-schema.ts'
import { nearest } from './nearest.ts'
import { readYaml, type YamlFault, type YamlPath } from './read-yaml.ts'
import { accessMapSchema, stageKeys } from './schema.ts'
import { snowflakeKeys } from './snowflake-schema.ts'
import { targetKeys } from './target-schema.ts'
import { quoted } from './wording.ts'

/**
 * Parses an access map from YAML.
 * @throws {AccessMapError} with all problems, in line order; never throws anything else.
 */
export const parseAccessMap = (yamlText: string, fileName = 'access.yml'): AccessMap => {
  const { value, faults, position } = readYaml(yamlText)
  const result = value === undefined ? undefined : accessMapSchema.safeParse(value)
  if (result?.success && faults.length === 0) return result.data
  // A value that cannot be read has no schema errors.
  const told = new Set(faults.map(({ path }) => placeOf(path)))
  const unfit = (result?.error?.issues ?? []).flatMap(faultsOf).filter(({ path }) => !told.has(placeOf(path)))
  const problems = [...faults, ...unfit]
    .map((fault) => ({ ...position(fault), place: placeOf(fault.path), says: fault.says }))
    .sort((one, other) => one.line - other.line || one.column - other.column)
  throw accessMapError(fileName, problems)
}

/** Reads the access map from a file. An unreadable file is an {@link AccessMapError} too. */
export const readAccessMap = (path: string, shownAs = path): AccessMap => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const says = `cannot read this file: ${cause instanceof Error ? cause.message : String(cause)}`
    throw accessMapError(shownAs, [{ line: 1, column: 1, place: '', says }], { cause })
  }
  return parseAccessMap(text, shownAs)
}

const accessMapError = (fileName: string, problems: readonly AccessMapProblem[], options?: ErrorOptions) =>
  new AccessMapError(problems.map((problem) => problemText(fileName, problem)).join('\n'), problems, options)

const faultsOf = (issue: z.core.$ZodIssue): YamlFault[] => {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
  if (issue.code !== 'unrecognized_keys') return [{ path, says: issue.message }]
  const known = path.length === 1 ? stageKeys : (keysOf.get(path[1]) ?? callerKeys)
  return issue.keys.map((key) => {
    const near = nearest(key, known)
    const says = `unknown key: ${near ? `write ${near}` : `remove it; valid keys are ${known.join(', ')}`}`
    return { path: [...path, key], says }
  })
}

/** The valid keys of each section of a stage. */
const keysOf: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['targets', targetKeys],
  ['snowflake', snowflakeKeys],
])

const placeOf = (path: YamlPath): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${/^[\w-]{1,64}$/.test(key) ? key : quoted(key)}`))
    .join('')
    .replace(/^\./, '')
