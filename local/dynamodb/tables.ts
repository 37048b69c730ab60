import { isDeepStrictEqual } from 'node:util'
import type { TableResource } from '../template/index.ts'
import { createTable, deleteTable, type Engine, startEngine } from './engine.ts'
import { createExpiry } from './expiry.ts'

/** The tables of what is deployed, with what is in them. */
export interface Tables {
  /** Undefined while no template has had a table. */
  readonly engine: () => Engine | undefined
  readonly expire: () => Promise<void>
  /** Creates those that are not there yet. Throws, and creates none, where one that is there would have to be made anew. */
  readonly add: (wanted: readonly TableResource[]) => Promise<void>
  /** Deletes those that are not among them. */
  readonly keep: (wanted: readonly TableResource[]) => Promise<void>
}

export const createTables = (now: () => Date): Tables => {
  const tables = new Map<string, TableResource>()
  let engine: Engine | undefined
  let expire: (() => Promise<void>) | undefined

  const check = (wanted: readonly TableResource[]): void => {
    for (const { definition } of wanted) {
      const there = tables.get(definition.TableName)?.definition
      if (there === undefined || isDeepStrictEqual(there, definition)) continue
      throw new Error(
        `The table ${definition.TableName} would have to be made anew, and CloudFormation replaces no table that has a name of its own: deploy without it first.`,
      )
    }
  }
  const missing = (wanted: readonly TableResource[]) =>
    wanted.filter(({ definition }) => !tables.has(definition.TableName))

  return {
    engine: () => engine,
    expire: async () => expire?.(),
    add: async (wanted) => {
      check(wanted)
      if (wanted.length === 0) return
      engine ??= await startEngine()
      expire ??= createExpiry(engine, () => [...tables.values()], now)
      const created: string[] = []
      try {
        for (const { definition } of missing(wanted)) {
          await createTable(engine, definition)
          created.push(definition.TableName)
        }
      } catch (error) {
        for (const name of created) await deleteTable(engine, name)
        throw error
      }
      for (const table of wanted) tables.set(table.definition.TableName, table)
    },
    keep: async (wanted) => {
      const kept = new Set(wanted.map(({ definition }) => definition.TableName))
      const gone = [...tables.keys()].filter((name) => !kept.has(name))
      for (const name of gone) tables.delete(name)
      for (const name of gone) if (engine) await deleteTable(engine, name)
    },
  }
}
