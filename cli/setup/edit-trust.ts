import {
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { parseAccessMap, stageDocument } from '../../shared/access/index.ts'
import { CommandFailure } from '../command-failure.ts'

/** The principal and external ids of a Snowflake caller, from DESC INTEGRATION. */
export interface CallerTrust {
  readonly iamUserArn: string
  /** One for each integration. */
  readonly externalIds: readonly string[]
}

interface CallerKey {
  readonly stage: string
  readonly caller: string
}

/** Replaces the characters from start to end. */
interface TextEdit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Writes the trust of a Snowflake caller into the map. Comments, order, quotation marks, indentation and line ends of all
 * other text stay. Ids of the same IAM user stay, since other integrations may use the caller role; those of another IAM
 * user are replaced.
 * @throws CommandFailure if the map cannot be edited this way
 */
export const writeTrust = (text: string, callerKey: CallerKey, trust: CallerTrust): string => {
  const callers = parseDocument(text).getIn([callerKey.stage, 'callers'])
  const caller = isMap(callers) ? callers.get(callerKey.caller, true) : undefined
  if (!isMap(caller)) throw cannotEdit(callerKey, trust)
  const edited = editsFor(text, caller, trust)
    .toSorted((one, other) => other.start - one.start)
    .reduce((whole, { start, end, text: put }) => whole.slice(0, start) + put + whole.slice(end), text)
  if (!hasOnlyTrustChanged(text, edited, callerKey, trust)) throw cannotEdit(callerKey, trust)
  return edited
}

const editsFor = (text: string, caller: YAMLMap, { iamUserArn, externalIds }: CallerTrust): readonly TextEdit[] => {
  const [user, ids] = [findPair(caller, 'iamUserArn'), findPair(caller, 'externalIds')]
  const userScalar = isScalar(user?.value) ? user.value : undefined
  const list = isSeq(ids?.value) ? ids.value : undefined
  const isFlow = caller.flow === true
  const write = isFlow ? JSON.stringify : blockScalar
  const stays = userScalar?.value === iamUserArn
  const missing = externalIds.filter((id) => !list?.items.some((item) => isScalar(item) && item.value === id))
  return [
    ...(userScalar && !stays ? [replaceScalar(userScalar, write(iamUserArn))] : []),
    ...(list ? editList(text, list, stays ? missing : externalIds, stays) : []),
    ...addKeys(text, caller, { ...(!userScalar && { iamUserArn }), ...(!list && { externalIds }) }),
  ]
}

const findPair = ({ items }: YAMLMap, name: string): Pair | undefined =>
  items.find(({ key }) => isScalar(key) && key.value === name)

/** As it stands in a block, in quotation marks where it would not be text without. */
const blockScalar = (text: string): string => stringify(text, { lineWidth: 0 }).trimEnd()

const replaceScalar = ({ range }: Scalar, text: string): TextEdit => ({
  start: range?.[0] ?? 0,
  end: range?.[1] ?? 0,
  text,
})

/** The keys that are not there yet stand before the first one that is. */
const addKeys = (text: string, { items: [first], flow }: YAMLMap, keys: Partial<CallerTrust>): readonly TextEdit[] => {
  const start = (isScalar(first?.key) && first.key.range?.[0]) || 0
  const entries = Object.entries(keys)
  if (entries.length === 0) return []
  if (flow) {
    const put = entries.map(([name, value]) => `${name}: ${flowValue(value)}, `).join('')
    return [{ start, end: start, text: put }]
  }
  const indent = text.slice(lineStart(text, start), start)
  const next = `${lineEnd(text)}${indent}`
  const lines = entries.flatMap(([name, value]) =>
    typeof value === 'string'
      ? [`${name}: ${blockScalar(value)}`]
      : [`${name}:`, ...value.map((one: string) => `  - ${blockScalar(one)}`)],
  )
  return [{ start, end: start, text: lines.map((line) => line + next).join('') }]
}

const flowValue = (value: string | readonly string[]): string =>
  typeof value === 'string' ? JSON.stringify(value) : `[${value.map((one) => JSON.stringify(one)).join(', ')}]`

/** Adds the ids behind the last one, or puts them in the places of those that are there. */
const editList = (
  text: string,
  { items, flow }: YAMLSeq,
  ids: readonly string[],
  keep: boolean,
): readonly TextEdit[] => {
  const there = items.filter(isScalar)
  const write = flow ? JSON.stringify : blockScalar
  const replacements = keep
    ? []
    : there.slice(0, ids.length).map((item, at) => replaceScalar(item, write(ids[at] ?? '')))
  const surplus = keep ? [] : there.slice(ids.length).map((item) => removeItem(text, item, flow === true))
  const last = there.at(-1)?.range?.[1] ?? 0
  const more = keep ? ids : ids.slice(there.length)
  if (more.length === 0) return [...replacements, ...surplus]
  if (flow)
    return [...replacements, { start: last, end: last, text: more.map((id) => `, ${JSON.stringify(id)}`).join('') }]
  const dash = /^[^-]*-\s*/.exec(text.slice(lineStart(text, last), last))?.[0] ?? ''
  const end = endOfLine(text, last)
  return [...replacements, { start: end, end, text: more.map((id) => lineEnd(text) + dash + blockScalar(id)).join('') }]
}

/** In a block list, the whole line with its comment; in a flow list, the item with the comma before it. */
const removeItem = (text: string, { range }: Scalar, flow: boolean): TextEdit => {
  const [start = 0, end = 0] = range ?? []
  if (flow) return { start: text.lastIndexOf(',', start), end, text: '' }
  return { start: text.lastIndexOf('\n', start), end: endOfLine(text, end), text: '' }
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

/** Before its line break. */
const endOfLine = (text: string, at: number): number => {
  const found = /\r?\n/.exec(text.slice(at))
  return found ? at + found.index : text.length
}

const lineEnd = (text: string): string => /\r?\n/.exec(text)?.[0] ?? '\n'

/** Read by the code that reads the map: the caller has the trust, and everything else is what it was. */
const hasOnlyTrustChanged = (
  before: string,
  after: string,
  callerKey: CallerKey,
  { iamUserArn, externalIds }: CallerTrust,
): boolean => {
  const [was, is] = [before, after].map((text) => {
    const stages = [...parseAccessMap(text)].map(([name, stage]) => [name, stageDocument(stage)] as const)
    return {
      caller: new Map(stages).get(callerKey.stage)?.callers[callerKey.caller],
      rest: JSON.stringify(withoutTrust(stages, callerKey)),
    }
  })
  const ids = is?.caller?.externalIds ?? []
  return is?.rest === was?.rest && is?.caller?.iamUserArn === iamUserArn && externalIds.every((id) => ids.includes(id))
}

type Documents = readonly (readonly [string, ReturnType<typeof stageDocument>])[]

const withoutTrust = (stages: Documents, { stage, caller }: CallerKey) =>
  stages.map(([name, { callers, ...rest }]) => {
    const others = Object.entries(callers).map(([one, { iamUserArn, externalIds, ...more }]) =>
      name === stage && one === caller ? [one, more] : [one, { ...more, iamUserArn, externalIds }],
    )
    return [name, others, rest]
  })

const cannotEdit = ({ stage, caller }: CallerKey, { iamUserArn, externalIds }: CallerTrust) =>
  new CommandFailure(`Cannot edit caller ${caller} of stage ${stage} automatically.`, {
    remedy: `Add under it:\n  iamUserArn: ${blockScalar(iamUserArn)}\n  externalIds: ${flowValue(externalIds)}`,
  })
