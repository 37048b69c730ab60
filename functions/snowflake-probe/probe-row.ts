import type { RowForm } from '../../shared/rows/index.ts'

/** In SQL: `snowflake_probe()`. */
export const probeRow: RowForm = { takes: [], input: () => ({}) }
