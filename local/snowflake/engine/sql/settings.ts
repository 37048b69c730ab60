import { compilationError } from '../snowflake-error.ts'
import type { Setting, Settings } from './ast.ts'
import type { Cursor } from './cursor.ts'

/** `KEY = value KEY = value …`, up to the first clause that is not a setting. */
export const parseSettings = (cursor: Cursor): Settings => {
  const settings = new Map<string, Setting>()
  while (isSettingNext(cursor)) {
    const key = cursor.identifier()
    cursor.expect('=')
    if (settings.has(key)) throw compilationError(`duplicate option '${key}'.`)
    settings.set(key, setting(cursor))
  }
  return Object.fromEntries(settings)
}

const setting = (cursor: Cursor): Setting => {
  const { kind } = cursor.peek()
  if (cursor.is('(')) return cursor.nested(() => parenthesized(cursor))
  if (kind === 'string') return cursor.next().text
  if (kind === 'number') return Number(cursor.next().text)
  if (cursor.is('TRUE') || cursor.is('FALSE')) return cursor.next().text === 'TRUE'
  return { name: cursor.name() }
}

interface Item {
  readonly key: string | undefined
  readonly value: Setting
}

const parenthesized = (cursor: Cursor): Setting => {
  const items: Item[] = []
  cursor.expect('(')
  if (!cursor.accept(')')) {
    // HEADERS = ('a' = 'b', …) has commas, WORKLOAD_IDENTITY = (TYPE = AWS ARN = '…') has none.
    do items.push(parenthesizedItem(cursor))
    while (cursor.accept(',') || isSettingNext(cursor))
    cursor.expect(')')
  }
  const pairs = items.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value] as const]))
  return pairs.length > 0 && pairs.length === items.length ? { pairs } : items.map(({ value }) => value)
}

const isSettingNext = (cursor: Cursor): boolean =>
  cursor.peek().kind === 'word' && cursor.peek(1).kind === 'symbol' && cursor.peek(1).text === '='

const parenthesizedItem = (cursor: Cursor): Item => {
  const key = cursor.peek().text
  const first = setting(cursor)
  return cursor.accept('=') ? { key, value: setting(cursor) } : { key: undefined, value: first }
}
