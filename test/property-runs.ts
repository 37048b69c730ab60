/** Whether properties are tried with all their inputs, as `npm run test:slow` and `npm run test:all` do. */
export const runsInFull = process.env['FULL_PROPERTY_RUNS'] === '1'

/** How many inputs a property is tried with: all of them in a full run, and else a tenth, but not less than 20. */
export const propertyRuns = (all: number): number =>
  runsInFull ? all : Math.min(all, Math.max(20, Math.ceil(all / 10)))
