import { isDeepStrictEqual } from 'node:util'
import type { TableResource } from '../../deployment/deployed-resources.ts'
import { createTable, type DynaliteEngine, deleteTable, startDynalite } from './dynalite-engine.ts'
import { createTimeToLive } from './time-to-live.ts'

/** The tables of what is deployed, with what is in them. */
export interface DeployedTables {
  /** Undefined while no template has had a table. */
  readonly engine: () => DynaliteEngine | undefined
  readonly expire: () => Promise<void>
  /** Creates those that are not there yet. Throws, and creates none, where one that is there would have to be made anew. */
  readonly add: (tables: readonly TableResource[]) => Promise<void>
  /** Deletes those that are not among them. */
  readonly retain: (tables: readonly TableResource[]) => Promise<void>
}

export const createDeployedTables = (now: () => Date): DeployedTables => {
  const tables = new Map<string, TableResource>()
  let engine: DynaliteEngine | undefined
  let expire: (() => Promise<void>) | undefined

  const checkReplacements = (required: readonly TableResource[]): void => {
    for (const { definition } of required) {
      const existing = tables.get(definition.TableName)?.definition
      if (existing === undefined || isDeepStrictEqual(existing, definition)) continue
      throw new Error(
        `The table ${definition.TableName} would have to be made anew, and CloudFormation replaces no table that has a name of its own: deploy without it first.`,
      )
    }
  }
  const missing = (required: readonly TableResource[]) =>
    required.filter(({ definition }) => !tables.has(definition.TableName))

  return {
    engine: () => engine,
    expire: async () => expire?.(),
    add: async (required) => {
      checkReplacements(required)
      if (required.length === 0) return
      engine ??= await startDynalite()
      expire ??= createTimeToLive(engine, () => [...tables.values()], now)
      const created: string[] = []
      try {
        for (const { definition } of missing(required)) {
          await createTable(engine, definition)
          created.push(definition.TableName)
        }
      } catch (error) {
        for (const name of created) await deleteTable(engine, name)
        throw error
      }
      for (const table of required) tables.set(table.definition.TableName, table)
    },
    retain: async (required) => {
      const retainedNames = new Set(required.map(({ definition }) => definition.TableName))
      const removedNames = [...tables.keys()].filter((name) => !retainedNames.has(name))
      for (const name of removedNames) tables.delete(name)
      for (const name of removedNames) if (engine) await deleteTable(engine, name)
    },
  }
}
