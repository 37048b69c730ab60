import { readFileSync } from 'node:fs'
import type * as z from 'zod'
import type { AccessMap } from './access-map.ts'
import { AccessMapError, type AccessMapProblem, formatProblem } from './access-map-error.ts'
import { accessMapSchema, stageKeys } from './access-map-schema.ts'
import { callerKeys } from './caller-schema.ts'
import { closestMatch } from './closest-match.ts'
import { quoteValue } from './expected-value.ts'
import { readYaml, type YamlFault, type YamlPath } from './read-yaml.ts'
import { snowflakeKeys } from './snowflake-login-schema.ts'
import { targetKeys } from './target-schema.ts'

/**
 * Parses an access map from YAML.
 * @throws {AccessMapError} with all problems, in line order; never throws anything else.
 */
export const parseAccessMap = (yamlText: string, fileName = 'access.yml'): AccessMap => {
  const { value, faults, position } = readYaml(yamlText)
  const result = value === undefined ? undefined : accessMapSchema.safeParse(value)
  if (result?.success && faults.length === 0) return result.data
  // A value that cannot be read has no schema errors.
  const reportedPaths = new Set(faults.map(({ path }) => formatPath(path)))
  const schemaFaults = (result?.error?.issues ?? [])
    .flatMap(toFaults)
    .filter(({ path }) => !reportedPaths.has(formatPath(path)))
  const problems = [...faults, ...schemaFaults]
    .map((fault) => ({ ...position(fault), path: formatPath(fault.path), message: fault.message }))
    .sort((one, other) => one.line - other.line || one.column - other.column)
  throw toAccessMapError(fileName, problems)
}

/** Reads the access map from a file. An unreadable file is an {@link AccessMapError} too. */
export const readAccessMap = (path: string, displayName = path): AccessMap => {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const message = `cannot read this file: ${cause instanceof Error ? cause.message : String(cause)}`
    throw toAccessMapError(displayName, [{ line: 1, column: 1, path: '', message }], { cause })
  }
  return parseAccessMap(text, displayName)
}

const toAccessMapError = (fileName: string, problems: readonly AccessMapProblem[], options?: ErrorOptions) =>
  new AccessMapError(problems.map((problem) => formatProblem(fileName, problem)).join('\n'), problems, options)

const toFaults = (issue: z.core.$ZodIssue): YamlFault[] => {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)))
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
  const knownKeys = path.length === 1 ? stageKeys : (keysBySection.get(path[1]) ?? callerKeys)
  return issue.keys.map((key) => {
    const closest = closestMatch(key, knownKeys)
    const message = `unknown key: ${closest ? `write ${closest}` : `remove it; valid keys are ${knownKeys.join(', ')}`}`
    return { path: [...path, key], message }
  })
}

/** The valid keys of each section of a stage. */
const keysBySection: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['targets', targetKeys],
  ['snowflake', snowflakeKeys],
])

const formatPath = (path: YamlPath): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${/^[\w-]{1,64}$/.test(key) ? key : quoteValue(key)}`))
    .join('')
    .replace(/^\./, '')
