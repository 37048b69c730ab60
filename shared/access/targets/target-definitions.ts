import { type AllowRule, parseAllowRule } from './allow-rule.ts'
import { targetUrlFault } from './target-url.ts'

/** An outbound target, as in the access map. */
export interface Target {
  /** Its path, if present, is the prefix of every called path. */
  readonly url: string
  /** The service in the signature: `neptune-db`. */
  readonly service: string
  readonly region: string
  /** The role to assume; absent: the function's own role signs. */
  readonly roleArn?: string
  readonly externalId?: string
  /** `GET /status`; never empty. */
  readonly allow: readonly string[]
  /** Allows private addresses and http. */
  readonly allowPrivate?: true
}

/** The environment variable with the targets of the stage. */
export const targetsVariable = 'TARGETS'

export const serializeTargets = (targets: ReadonlyMap<string, Target>): string =>
  JSON.stringify(Object.fromEntries(targets))

/** A target, ready to be called. */
export interface CallableTarget extends Omit<Target, 'url' | 'allow'> {
  readonly name: string
  readonly url: URL
  readonly rules: readonly AllowRule[]
}

/**
 * Parses the targets that `serializeTargets` wrote. Without zod, which would be most of a function's bundle.
 * @throws {TypeError} that names the first invalid value
 */
export const parseTargets = (text: string): ReadonlyMap<string, CallableTarget> => {
  const targets = requireObject(parseJson(text), 'it')
  return new Map(Object.entries(targets).map(([name, target]) => [name, toCallableTarget(name, target)]))
}

const toCallableTarget = (name: string, value: unknown): CallableTarget => {
  const { url, service, region, roleArn, externalId, allow, allowPrivate, ...unknown } = requireObject(value, name)
  const [unknownKey] = Object.keys(unknown)
  if (unknownKey !== undefined) return failAt(`${name}.${unknownKey}`)
  if (allowPrivate !== undefined && allowPrivate !== true) return failAt(`${name}.allowPrivate`)
  const href = requireText(url, `${name}.url`)
  if (targetUrlFault(href, allowPrivate === true) !== undefined) return failAt(`${name}.url`)
  if (!Array.isArray(allow) || allow.length === 0) return failAt(`${name}.allow`)
  const rules = allow.map((rule: unknown, index) => {
    const rulePath = `${name}.allow[${index}]`
    const parsedRule = parseAllowRule(requireText(rule, rulePath))
    return 'fault' in parsedRule ? failAt(rulePath) : parsedRule
  })
  return {
    name,
    url: new URL(href),
    service: requireText(service, `${name}.service`),
    region: requireText(region, `${name}.region`),
    ...(roleArn !== undefined && { roleArn: requireText(roleArn, `${name}.roleArn`) }),
    ...(externalId !== undefined && { externalId: requireText(externalId, `${name}.externalId`) }),
    rules,
    ...(allowPrivate && { allowPrivate }),
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return failAt('it')
  }
}

const requireObject = (value: unknown, path: string): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : failAt(path)

const requireText = (value: unknown, path: string): string =>
  typeof value === 'string' && value !== '' ? value : failAt(path)

const failAt = (path: string): never => {
  throw new TypeError(`The environment variable ${targetsVariable} is invalid: ${path}.`)
}
