import { isMissing, runOne, type SnowflakeConnection } from '../snowflake-connection/index.ts'

/** What a DESC statement shows, by property; undefined where there is no such object. */
export const properties = async (
  snowflake: SnowflakeConnection,
  statement: string,
): Promise<ReadonlyMap<string, string> | undefined> => {
  try {
    const { columns, rows } = await runOne(snowflake)(statement)
    const value = columns.findIndex((column) => /^(property_)?value$/i.test(column))
    return new Map(rows.map((row) => [row[0] ?? '', row[value] ?? '']))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
