import type { DeployedCaller, DeployedStage, DeployedTarget } from './deployed-stage.ts'

/** One line of what changes in who may call what. */
export interface Change {
  readonly sign: '+' | '-'
  readonly what: string
  /** Somebody gets in, or further, than before. */
  readonly opens: boolean
}

/** What changes of one caller, of one target, or of the login to Snowflake. */
export interface Changed {
  readonly kind: 'caller' | 'target' | 'snowflake'
  readonly name: string
  readonly state: 'new' | 'gone' | 'changed'
  readonly changes: readonly Change[]
}

/** Something that holds of a caller or target; `opens` when that it holds now and did not before lets more through. */
interface Fact {
  readonly what: string
  readonly opens: boolean
}

const nothing: DeployedStage = { callers: {}, targets: {} }

/** What is deployed against what would be. Undefined: nothing is, or nothing would be. */
export const changesOf = (before: DeployedStage = nothing, after: DeployedStage = nothing): readonly Changed[] => [
  ...named('caller', before.callers, after.callers, callerFacts),
  ...named('target', before.targets, after.targets, targetFacts),
  ...named('snowflake', login(before), login(after), loginFacts),
]

const named = <Entry>(
  kind: Changed['kind'],
  before: Readonly<Record<string, Entry>>,
  after: Readonly<Record<string, Entry>>,
  factsOf: (entry: Entry, before: Entry | undefined) => readonly Fact[],
): Changed[] => {
  const [wasNamed, isNamed] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return [...new Set([...wasNamed.keys(), ...isNamed.keys()])].flatMap((name) => {
    const [was, is] = [wasNamed.get(name), isNamed.get(name)]
    const old = was === undefined ? [] : factsOf(was, undefined)
    const now = is === undefined ? [] : factsOf(is, was)
    const changes = [
      ...missing(now, old).map(({ what, opens }): Change => ({ sign: '+', what, opens })),
      ...missing(old, now).map(({ what }): Change => ({ sign: '-', what, opens: false })),
    ]
    const state = was === undefined ? 'new' : is === undefined ? 'gone' : 'changed'
    return changes.length === 0 ? [] : [{ kind, name, state, changes }]
  })
}

/** Those of the facts that do not stand among the others. */
const missing = (facts: readonly Fact[], others: readonly Fact[]) =>
  facts.filter(({ what }) => !others.some((other) => other.what === what))

const callerFacts = (caller: DeployedCaller, before: DeployedCaller | undefined): readonly Fact[] => {
  const { iamUserArn, principals, direct, externalIds, routes } = caller
  const known = iamUserArn === undefined ? principals : [iamUserArn]
  const isOpen = known.length > 0
  const asksForNone = isOpen && !direct && externalIds.length === 0
  return [
    ...(isOpen ? [] : [{ what: 'pending: disabled until the IAM user is known', opens: false }]),
    ...known.map((arn) => ({
      what: direct ? `${arn} may call directly` : `${arn} may assume the caller role`,
      opens: true,
    })),
    // One more id is one more way in; the first one is a way less.
    ...externalIds.map((id) => ({ what: `external id ${id}`, opens: before !== undefined && asksForIds(before) })),
    ...(asksForNone ? [{ what: 'no external id required', opens: before !== undefined && asksForIds(before) }] : []),
    ...routes.map((route) => ({ what: route, opens: isOpen })),
  ]
}

const asksForIds = ({ direct, externalIds }: DeployedCaller) => !direct && externalIds.length > 0

const targetFacts = (target: DeployedTarget): readonly Fact[] => {
  const { url, service, region, roleArn, externalId, allow, allowPrivate } = target
  return [
    { what: `at ${url}`, opens: true },
    { what: `as ${roleArn ?? 'the execution role of the function'}`, opens: true },
    { what: `signed for ${service} in ${region}`, opens: false },
    ...(externalId === undefined ? [] : [{ what: `external id ${externalId}`, opens: false }]),
    ...(allowPrivate ? [{ what: 'private addresses allowed', opens: true }] : []),
    ...allow.map((rule) => ({ what: rule, opens: true })),
  ]
}

const login = ({ snowflake, probeImage }: DeployedStage) =>
  snowflake === undefined
    ? {}
    : { login: { ...snowflake, ...(probeImage !== undefined && { 'Fargate task': probeImage }) } }

/** Whom the service is in Snowflake: nobody's way in. */
const loginFacts = (snowflake: Readonly<Record<string, unknown>>): readonly Fact[] =>
  Object.entries(snowflake).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ what: `${key} ${one}`, opens: false })),
  )
