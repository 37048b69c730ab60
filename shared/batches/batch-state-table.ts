import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { type BatchRecord, parseBatchRecord, type StoredText } from './batch-record.ts'

/** One item of the table, without its key. */
export interface Item {
  readonly version: string
  readonly body: Buffer
  /** Seconds since 1970, for DynamoDB's TTL. */
  readonly expires: number
}

/** The two table operations. */
export interface ItemStore {
  readonly get: (batch: string, part: string) => Promise<Item | undefined>
  /** Puts the item if the condition holds, and returns whether it did. */
  readonly put: (batch: string, part: string, item: Item, condition?: Condition) => Promise<boolean>
}

/** The item has this version; or it does not exist or expired by `absentAt` (seconds since 1970). */
export type Condition = { readonly version: string } | { readonly absentAt: number }

export interface StoredRecord {
  readonly record: BatchRecord
  readonly version: string
  readonly expires: number
}

interface StateTableDependencies {
  readonly items: ItemStore
  readonly now: () => number
  readonly newId: () => string
}

/** Bytes of one part: the limit of an item is 409,600 with its attribute names. */
const maxPartBytes = 350_000

/** Snowflake recommends twelve hours: after a cancelled query the last poll never comes. */
const retentionSeconds = 12 * 3_600

/** The state of batches: a record with compare-and-swap, and immutable texts. */
export const createStateTable = ({ items, now, newId }: StateTableDependencies) => {
  const seconds = () => Math.floor(now() / 1_000)

  const read = async (key: string): Promise<StoredRecord | undefined> => {
    const item = await items.get(key, 'head')
    // DynamoDB deletes expired items within days, not immediately.
    if (!item || item.expires <= seconds()) return undefined
    const { version, expires, body } = item
    return { record: parseBatchRecord(body.toString()), version, expires }
  }

  const put = async (
    key: string,
    record: BatchRecord,
    expires: number,
    condition: Condition,
  ): Promise<StoredRecord | undefined> => {
    const version = newId()
    const item = { version, expires, body: Buffer.from(JSON.stringify(record)) }
    if (await items.put(key, 'head', item, condition)) return { record, version, expires }
    // A retry after a lost response fails its condition because of its own first write.
    return (await items.get(key, 'head'))?.version === version ? { record, version, expires } : undefined
  }

  return {
    read,
    expiry: (): number => seconds() + retentionSeconds,
    /** Creates the record of a batch; undefined if it already exists. */
    create: (key: string, record: BatchRecord, expires: number) => put(key, record, expires, { absentAt: seconds() }),
    /** Replaces the record; undefined if it changed in the meantime. */
    swap: (key: string, { version, expires }: StoredRecord, record: BatchRecord) =>
      put(key, record, expires, { version }),
    writeText: async (key: string, text: string, expires: number): Promise<StoredText> => {
      const id = newId()
      const compressed = await promisify(gzip)(text)
      const parts = Array.from({ length: Math.ceil(compressed.length / maxPartBytes) }, (_, index) =>
        compressed.subarray(index * maxPartBytes, (index + 1) * maxPartBytes),
      )
      await Promise.all(parts.map((body, index) => items.put(key, `${id}/${index}`, { version: id, expires, body })))
      return { id, count: parts.length }
    },
    readText: async (key: string, { id, count }: StoredText): Promise<string> => {
      const parts = await Promise.all(Array.from({ length: count }, (_, index) => items.get(key, `${id}/${index}`)))
      const compressed = Buffer.concat(
        parts.map((part, index) => {
          if (!part) throw new TypeError(`the batch table has no part ${index} of ${count}`)
          return part.body
        }),
      )
      return (await promisify(gunzip)(compressed)).toString()
    },
  }
}

export type StateTable = ReturnType<typeof createStateTable>
