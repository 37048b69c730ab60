import { type AllowRule, parseAllowRule } from './allow-rule.ts'
import { targetUrlFault } from './target-url.ts'

/** What may be called out under a name, as the trust map has it. */
export interface Target {
  /** Its path, if it has one, stands in front of every path that is called. */
  readonly url: string
  /** Of the signature: `neptune-db`. */
  readonly service: string
  readonly region: string
  /** The role that is assumed for it; absent: the function's own role signs. */
  readonly roleArn?: string
  readonly externalId?: string
  /** `GET /status`; never empty. */
  readonly allow: readonly string[]
  /** Addresses that are not of the public internet may be called, and http. */
  readonly allowPrivate?: true
}

/** The environment variable through which a function knows the targets of its stage. */
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
 * The targets by name, from what `writeTargets` wrote. By hand, since the schema of the map would be most of a function's bundle.
 * @throws {TypeError} that names the place of the first thing that is not as written
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
  throw new TypeError(`The variable ${targetsVariable} is not as the trust map has it: ${place} does not fit.`)
}
