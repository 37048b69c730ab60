import { compilationError } from '../errors.ts'
import type { Setting, Settings } from './ast.ts'
import type { Cursor } from './cursor.ts'

/** `KEY = value KEY = value …`, as far as it goes; a clause that is no setting ends it. */
export const parseSettings = (cursor: Cursor): Settings => {
  const settings = new Map<string, Setting>()
  while (isPair(cursor)) {
    const key = cursor.identifier()
    cursor.expect('=')
    if (settings.has(key)) throw compilationError(`duplicate option '${key}'.`)
    settings.set(key, setting(cursor))
  }
  return Object.fromEntries(settings)
}

const setting = (cursor: Cursor): Setting => {
  const { kind } = cursor.peek()
  if (cursor.is('(')) return cursor.nested(() => several(cursor))
  if (kind === 'string') return cursor.next().text
  if (kind === 'number') return Number(cursor.next().text)
  if (cursor.is('TRUE') || cursor.is('FALSE')) return cursor.next().text === 'TRUE'
  return { name: cursor.name() }
}

interface Item {
  readonly key: string | undefined
  readonly value: Setting
}

const several = (cursor: Cursor): Setting => {
  const items: Item[] = []
  cursor.expect('(')
  if (!cursor.accept(')')) {
    // HEADERS = ('a' = 'b', …) has commas, WORKLOAD_IDENTITY = (TYPE = AWS ARN = '…') has none.
    do items.push(oneOfSeveral(cursor))
    while (cursor.accept(',') || isPair(cursor))
    cursor.expect(')')
  }
  const pairs = items.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value] as const]))
  return pairs.length > 0 && pairs.length === items.length ? { pairs } : items.map(({ value }) => value)
}

const isPair = (cursor: Cursor): boolean =>
  cursor.peek().kind === 'word' && cursor.peek(1).kind === 'symbol' && cursor.peek(1).text === '='

const oneOfSeveral = (cursor: Cursor): Item => {
  const key = cursor.peek().text
  const first = setting(cursor)
  return cursor.accept('=') ? { key, value: setting(cursor) } : { key: undefined, value: first }
}
