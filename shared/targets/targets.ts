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

export const writeTargets = (targets: ReadonlyMap<string, Target>): string =>
  JSON.stringify(Object.fromEntries(targets))

/** A target, ready to be called. */
export interface CallableTarget extends Omit<Target, 'url' | 'allow'> {
  readonly name: string
  readonly url: URL
  readonly rules: readonly AllowRule[]
}

/**
 * Parses the targets that `writeTargets` wrote. Without zod, which would be most of a function's bundle.
 * @throws {TypeError} that names the first invalid value
 */
export const readTargets = (text: string): ReadonlyMap<string, CallableTarget> => {
  const targets = objectAt(parsed(text), 'it')
  return new Map(Object.entries(targets).map(([name, target]) => [name, callable(name, target)]))
}

const callable = (name: string, value: unknown): CallableTarget => {
  const { url, service, region, roleArn, externalId, allow, allowPrivate, ...unknown } = objectAt(value, name)
  const [stranger] = Object.keys(unknown)
  if (stranger !== undefined) return unfit(`${name}.${stranger}`)
  if (allowPrivate !== undefined && allowPrivate !== true) return unfit(`${name}.allowPrivate`)
  const href = textAt(url, `${name}.url`)
  if (targetUrlFault(href, allowPrivate === true) !== undefined) return unfit(`${name}.url`)
  if (!Array.isArray(allow) || allow.length === 0) return unfit(`${name}.allow`)
  const rules = allow.map((rule: unknown, index) => {
    const at = `${name}.allow[${index}]`
    const read = parseAllowRule(textAt(rule, at))
    return 'fault' in read ? unfit(at) : read
  })
  return {
    name,
    url: new URL(href),
    service: textAt(service, `${name}.service`),
    region: textAt(region, `${name}.region`),
    ...(roleArn !== undefined && { roleArn: textAt(roleArn, `${name}.roleArn`) }),
    ...(externalId !== undefined && { externalId: textAt(externalId, `${name}.externalId`) }),
    rules,
    ...(allowPrivate && { allowPrivate }),
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return unfit('it')
  }
}

const objectAt = (value: unknown, place: string): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : unfit(place)

const textAt = (value: unknown, place: string): string =>
  typeof value === 'string' && value !== '' ? value : unfit(place)

const unfit = (place: string): never => {
  throw new TypeError(`The environment variable ${targetsVariable} is invalid: ${place}.`)
}
