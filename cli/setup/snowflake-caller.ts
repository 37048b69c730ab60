import type { SnowflakeCaller, Stage } from '../../shared/access/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'

export interface NamedCaller {
  readonly name: string
  readonly caller: SnowflakeCaller
}

export const snowflakeCallers = ({ callers }: Stage): readonly NamedCaller[] =>
  [...callers].flatMap(([name, caller]) => (caller.kind === 'snowflake' ? [{ name, caller }] : []))

interface CallerSelection {
  readonly stage: string
  readonly caller?: string
}

/** Each Snowflake caller of a stage is a different account: setup is for one of them. */
export const selectSnowflakeCaller = (map: Stage, { stage, caller: callerName }: CallerSelection): NamedCaller => {
  const candidates = snowflakeCallers(map)
  const names = candidates.map(({ name }) => name).join(', ')
  const [only, ...others] = callerName === undefined ? candidates : candidates.filter(({ name }) => name === callerName)
  if (only && others.length === 0) return only
  if (only)
    throw usageFailure(`Stage ${stage} has more than one Snowflake caller: ${names}.`, 'Select one with --caller.')
  throw new CommandFailure(
    `Stage ${stage} has no Snowflake caller${callerName === undefined ? '' : ` ${JSON.stringify(callerName)}`}.`,
    { remedy: names === '' ? 'See docs/access-map.md to add one.' : `Available callers: ${names}` },
  )
}
