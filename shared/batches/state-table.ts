import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { type Head, type Parts, parseHead } from './head.ts'

/** One item of the table, beside its key. */
export interface Item {
  readonly version: string
  readonly body: Buffer
  /** Seconds since 1970, as DynamoDB's time to live wants it. */
  readonly expires: number
}

/** The two operations that state is made of. */
export interface Items {
  readonly get: (batch: string, part: string) => Promise<Item | undefined>
  /** Puts the item where the condition holds, and says whether it did. */
  readonly put: (batch: string, part: string, item: Item, condition?: Condition) => Promise<boolean>
}

/** There is an item of this version; or there is none, or one that expired before `now` (seconds since 1970). */
export type Condition = { readonly version: string } | { readonly absentAt: number }

export interface Known {
  readonly head: Head
  readonly version: string
  readonly expires: number
}

interface Needs {
  readonly items: Items
  readonly now: () => number
  readonly newId: () => string
}

/** Bytes of one part: an item holds 409,600 with the names of its attributes. */
const partSize = 350_000

/** Snowflake advises to keep state for twelve hours: a query can be cancelled and its last poll never come. */
const keptSeconds = 12 * 3_600

/** The state of batches: a head that is compared and swapped, and texts beside it that never change. */
export const stateTable = ({ items, now, newId }: Needs) => {
  const seconds = () => Math.floor(now() / 1_000)

  const read = async (key: string): Promise<Known | undefined> => {
    const item = await items.get(key, 'head')
    // DynamoDB deletes what has expired within days, not at once.
    if (!item || item.expires <= seconds()) return undefined
    const { version, expires, body } = item
    return { head: parseHead(body.toString()), version, expires }
  }

  const put = async (key: string, head: Head, expires: number, condition: Condition): Promise<Known | undefined> => {
    const version = newId()
    const item = { version, expires, body: Buffer.from(JSON.stringify(head)) }
    if (await items.put(key, 'head', item, condition)) return { head, version, expires }
    // A request that was sent twice, because its answer got lost, is refused for what it wrote itself.
    return (await items.get(key, 'head'))?.version === version ? { head, version, expires } : undefined
  }

  return {
    read,
    expiry: (): number => seconds() + keptSeconds,
    /** The first head of a batch; undefined when somebody was faster. */
    create: (key: string, head: Head, expires: number) => put(key, head, expires, { absentAt: seconds() }),
    /** The next head; undefined when somebody changed the one that is known. */
    swap: (key: string, { version, expires }: Known, head: Head) => put(key, head, expires, { version }),
    writeText: async (key: string, text: string, expires: number): Promise<Parts> => {
      const id = newId()
      const compressed = await promisify(gzip)(text)
      const parts = Array.from({ length: Math.ceil(compressed.length / partSize) }, (_, index) =>
        compressed.subarray(index * partSize, (index + 1) * partSize),
      )
      await Promise.all(parts.map((body, index) => items.put(key, `${id}/${index}`, { version: id, expires, body })))
      return { id, count: parts.length }
    },
    readText: async (key: string, { id, count }: Parts): Promise<string> => {
      const parts = await Promise.all(Array.from({ length: count }, (_, index) => items.get(key, `${id}/${index}`)))
      const compressed = Buffer.concat(
        parts.map((part, index) => {
          if (!part) throw new TypeError(`the table of batches lacks part ${index} of ${count}`)
          return part.body
        }),
      )
      return (await promisify(gunzip)(compressed)).toString()
    },
  }
}

export type StateTable = ReturnType<typeof stateTable>
