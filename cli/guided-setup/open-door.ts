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
import type { Trust } from './trust.ts'

export interface Door {
  readonly stage: string
  readonly caller: string
}

/** Text in the place of other text; places count characters of the whole. */
interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The map with the trust of a Snowflake caller in it. What is written is put between the characters that are there: comments,
 * order, quotation marks, indentation and line ends of all the rest stay. The ids of the same IAM user stay beside the new
 * ones, since other integrations may come through the door; those of another IAM user are replaced.
 * @throws CommandFailure where that would not do: then somebody has to write it
 */
export const openDoor = (text: string, door: Door, trust: Trust): string => {
  const callers = parseDocument(text).getIn([door.stage, 'callers'])
  const caller = isMap(callers) ? callers.get(door.caller, true) : undefined
  if (!isMap(caller)) throw byHand(door, trust)
  const edited = splicesFor(text, caller, trust)
    .toSorted((one, other) => other.start - one.start)
    .reduce((whole, { start, end, text: put }) => whole.slice(0, start) + put + whole.slice(end), text)
  if (!isAsWanted(text, edited, door, trust)) throw byHand(door, trust)
  return edited
}

const splicesFor = (text: string, caller: YAMLMap, { iamUserArn, externalIds }: Trust): readonly Splice[] => {
  const [user, ids] = [pairOf(caller, 'iamUserArn'), pairOf(caller, 'externalIds')]
  const known = isScalar(user?.value) ? user.value : undefined
  const list = isSeq(ids?.value) ? ids.value : undefined
  const isFlow = caller.flow === true
  const write = isFlow ? JSON.stringify : plain
  const stays = known?.value === iamUserArn
  const missing = externalIds.filter((id) => !list?.items.some((item) => isScalar(item) && item.value === id))
  return [
    ...(known && !stays ? [replaced(known, write(iamUserArn))] : []),
    ...(list ? inList(text, list, stays ? missing : externalIds, stays) : []),
    ...added(text, caller, { ...(!known && { iamUserArn }), ...(!list && { externalIds }) }),
  ]
}

const pairOf = ({ items }: YAMLMap, name: string): Pair | undefined =>
  items.find(({ key }) => isScalar(key) && key.value === name)

/** As it stands in a block, in quotation marks where it would not be text without. */
const plain = (text: string): string => stringify(text, { lineWidth: 0 }).trimEnd()

const replaced = ({ range }: Scalar, text: string): Splice => ({ start: range?.[0] ?? 0, end: range?.[1] ?? 0, text })

/** The keys that are not there yet stand before the first one that is. */
const added = (text: string, { items: [first], flow }: YAMLMap, keys: Partial<Trust>): readonly Splice[] => {
  const start = (isScalar(first?.key) && first.key.range?.[0]) || 0
  const entries = Object.entries(keys)
  if (entries.length === 0) return []
  if (flow) {
    const put = entries.map(([name, value]) => `${name}: ${inFlow(value)}, `).join('')
    return [{ start, end: start, text: put }]
  }
  const indent = text.slice(lineStart(text, start), start)
  const next = `${lineEnd(text)}${indent}`
  const lines = entries.flatMap(([name, value]) =>
    typeof value === 'string'
      ? [`${name}: ${plain(value)}`]
      : [`${name}:`, ...value.map((one: string) => `  - ${plain(one)}`)],
  )
  return [{ start, end: start, text: lines.map((line) => line + next).join('') }]
}

const inFlow = (value: string | readonly string[]): string =>
  typeof value === 'string' ? JSON.stringify(value) : `[${value.map((one) => JSON.stringify(one)).join(', ')}]`

/** Adds the ids behind the last one, or puts them in the places of those that are there. */
const inList = (text: string, { items, flow }: YAMLSeq, ids: readonly string[], keep: boolean): readonly Splice[] => {
  const there = items.filter(isScalar)
  const write = flow ? JSON.stringify : plain
  const inPlace = keep ? [] : there.slice(0, ids.length).map((item, at) => replaced(item, write(ids[at] ?? '')))
  const surplus = keep ? [] : there.slice(ids.length).map((item) => taken(text, item, flow === true))
  const last = there.at(-1)?.range?.[1] ?? 0
  const more = keep ? ids : ids.slice(there.length)
  if (more.length === 0) return [...inPlace, ...surplus]
  if (flow) return [...inPlace, { start: last, end: last, text: more.map((id) => `, ${JSON.stringify(id)}`).join('') }]
  const dash = /^[^-]*-\s*/.exec(text.slice(lineStart(text, last), last))?.[0] ?? ''
  const end = endOfLine(text, last)
  return [...inPlace, { start: end, end, text: more.map((id) => lineEnd(text) + dash + plain(id)).join('') }]
}

/** Of a list in a block the whole line, and what is said on it; of one in brackets the item with the comma before it. */
const taken = (text: string, { range }: Scalar, flow: boolean): Splice => {
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
const isAsWanted = (before: string, after: string, door: Door, { iamUserArn, externalIds }: Trust): boolean => {
  const [was, is] = [before, after].map((text) => {
    const stages = [...parseAccessMap(text)].map(([name, stage]) => [name, stageDocument(stage)] as const)
    return {
      caller: new Map(stages).get(door.stage)?.callers[door.caller],
      rest: JSON.stringify(without(stages, door)),
    }
  })
  const ids = is?.caller?.externalIds ?? []
  return is?.rest === was?.rest && is?.caller?.iamUserArn === iamUserArn && externalIds.every((id) => ids.includes(id))
}

type Documents = readonly (readonly [string, ReturnType<typeof stageDocument>])[]

const without = (stages: Documents, { stage, caller }: Door) =>
  stages.map(([name, { callers, ...rest }]) => {
    const others = Object.entries(callers).map(([one, { iamUserArn, externalIds, ...more }]) =>
      name === stage && one === caller ? [one, more] : [one, { ...more, iamUserArn, externalIds }],
    )
    return [name, others, rest]
  })

const byHand = ({ stage, caller }: Door, { iamUserArn, externalIds }: Trust) =>
  new CommandFailure(`Cannot edit caller ${caller} of stage ${stage} automatically.`, {
    remedy: `Add under it:\n  iamUserArn: ${plain(iamUserArn)}\n  externalIds: ${inFlow(externalIds)}`,
  })
