import { styleText } from 'node:util'
import type { DeployedCaller, DeployedStage, DeployedTarget } from './deployed-stage.ts'

/** One line of the access changes. */
interface ChangeLine {
  readonly sign: '+' | '-'
  readonly summary: string
  /** More is allowed than before. */
  readonly grantsAccess: boolean
}

/** The changes of one caller, of one target, or of the login to Snowflake. */
export interface AccessChange {
  readonly kind: 'caller' | 'target' | 'snowflake'
  readonly name: string
  readonly state: 'new' | 'gone' | 'changed'
  readonly changes: readonly ChangeLine[]
}

/** One property of a caller or target. `grantsAccess`: adding it allows more than before. */
interface AccessFact {
  readonly summary: string
  readonly grantsAccess: boolean
}

const nothing: DeployedStage = { callers: {}, targets: {} }

/** Compares the deployed stage with the new one. Undefined: there is none. */
export const changesOf = (before: DeployedStage = nothing, after: DeployedStage = nothing): readonly AccessChange[] => [
  ...compareEntries('caller', before.callers, after.callers, callerFacts),
  ...compareEntries('target', before.targets, after.targets, targetFacts),
  ...compareEntries('snowflake', snowflakeLoginOf(before), snowflakeLoginOf(after), loginFacts),
]

const compareEntries = <Entry>(
  kind: AccessChange['kind'],
  before: Readonly<Record<string, Entry>>,
  after: Readonly<Record<string, Entry>>,
  factsOf: (entry: Entry, before: Entry | undefined) => readonly AccessFact[],
): AccessChange[] => {
  const [wasNamed, isNamed] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return [...new Set([...wasNamed.keys(), ...isNamed.keys()])].flatMap((name) => {
    const [was, is] = [wasNamed.get(name), isNamed.get(name)]
    const old = was === undefined ? [] : factsOf(was, undefined)
    const now = is === undefined ? [] : factsOf(is, was)
    const changes = [
      ...factsNotIn(now, old).map(({ summary, grantsAccess }): ChangeLine => ({ sign: '+', summary, grantsAccess })),
      ...factsNotIn(old, now).map(({ summary }): ChangeLine => ({ sign: '-', summary, grantsAccess: false })),
    ]
    const state = was === undefined ? 'new' : is === undefined ? 'gone' : 'changed'
    return changes.length === 0 ? [] : [{ kind, name, state, changes }]
  })
}

/** The facts that are not among the others. */
const factsNotIn = (facts: readonly AccessFact[], others: readonly AccessFact[]) =>
  facts.filter(({ summary }) => !others.some((other) => other.summary === summary))

const callerFacts = (caller: DeployedCaller, before: DeployedCaller | undefined): readonly AccessFact[] => {
  const { iamUserArn, principals, direct, externalIds, routes } = caller
  const trusted = iamUserArn === undefined ? principals : [iamUserArn]
  const hasPrincipals = trusted.length > 0
  const needsNoExternalId = hasPrincipals && !direct && externalIds.length === 0
  return [
    ...(hasPrincipals ? [] : [{ summary: 'pending: disabled until the IAM user is known', grantsAccess: false }]),
    ...trusted.map((arn) => ({
      summary: direct ? `${arn} may call directly` : `${arn} may assume the caller role`,
      grantsAccess: true,
    })),
    // An additional id allows more; the first id allows less.
    ...externalIds.map((id) => ({
      summary: `external id ${id}`,
      grantsAccess: before !== undefined && requiresExternalId(before),
    })),
    ...(needsNoExternalId
      ? [{ summary: 'no external id required', grantsAccess: before !== undefined && requiresExternalId(before) }]
      : []),
    ...routes.map((route) => ({ summary: route, grantsAccess: hasPrincipals })),
  ]
}

const requiresExternalId = ({ direct, externalIds }: DeployedCaller) => !direct && externalIds.length > 0

const targetFacts = (target: DeployedTarget): readonly AccessFact[] => {
  const { url, service, region, roleArn, externalId, allow, allowPrivate } = target
  return [
    { summary: `at ${url}`, grantsAccess: true },
    { summary: `as ${roleArn ?? 'the execution role of the function'}`, grantsAccess: true },
    { summary: `signed for ${service} in ${region}`, grantsAccess: false },
    ...(externalId === undefined ? [] : [{ summary: `external id ${externalId}`, grantsAccess: false }]),
    ...(allowPrivate ? [{ summary: 'private addresses allowed', grantsAccess: true }] : []),
    ...allow.map((rule) => ({ summary: rule, grantsAccess: true })),
  ]
}

const snowflakeLoginOf = ({ snowflake, probeImage }: DeployedStage) =>
  snowflake === undefined
    ? {}
    : { login: { ...snowflake, ...(probeImage !== undefined && { 'Fargate task': probeImage }) } }

/** The login to Snowflake grants no access to the service. */
const loginFacts = (snowflake: Readonly<Record<string, unknown>>): readonly AccessFact[] =>
  Object.entries(snowflake).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => ({ summary: `${key} ${one}`, grantsAccess: false })),
  )

/** Renders a heading for each caller and target and a line for each change, with `!` if it grants access. */
export const renderChanges = (changes: readonly AccessChange[]): string => {
  const grantCount = changes.flatMap(({ changes }) => changes).filter(({ grantsAccess }) => grantsAccess).length
  const groups = changes.map((changed) => `  ${renderHeading(changed)}\n${changed.changes.map(renderLine).join('')}`)
  if (grantCount === 0) return groups.join('')
  const grantText = grantCount === 1 ? '1 change grants access' : `${grantCount} changes grant access`
  return `${groups.join('')}\n${styleText('yellow', '!')} ${grantText}.\n`
}

const kindTitles = { caller: 'caller', target: 'target', snowflake: 'Snowflake login' } as const

const renderHeading = ({ kind, name, state }: AccessChange): string => {
  const what = kind === 'snowflake' ? kindTitles[kind] : `${kindTitles[kind]} ${name}`
  return state === 'changed' ? what : `${what}, ${state}`
}

const renderLine = ({ sign, summary, grantsAccess }: ChangeLine): string =>
  `  ${grantsAccess ? styleText('yellow', '!') : ' '} ${styleText(sign === '+' ? 'green' : 'red', `${sign} ${summary}`)}\n`
