import { isMissingObject, type SnowflakeConnection, singleStatementRunner } from '../snowflake/snowflake-connection.ts'

/** What a DESC statement shows, by property; undefined where there is no such object. */
export const describeProperties = async (
  snowflake: SnowflakeConnection,
  statement: string,
): Promise<ReadonlyMap<string, string> | undefined> => {
  try {
    const { columns, rows } = await singleStatementRunner(snowflake)(statement)
    const value = columns.findIndex((column) => /^(property_)?value$/i.test(column))
    return new Map(rows.map((row) => [row[0] ?? '', row[value] ?? '']))
  } catch (error) {
    if (isMissingObject(error)) return undefined
    throw error
  }
}
