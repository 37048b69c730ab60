import { defaultStackUrl } from '../local-stack/local-stack-client.ts'
import type { AwsBackend, DoctorContext, DoctorOptions, LocalBackend } from './doctor-context.ts'
import { command, type FixStep } from './finding.ts'

/** The flags that select the backend: `deploy` defaults to AWS, the other commands to the local stack. */
const deployFlags = ({ backend }: DoctorOptions): string =>
  backend.kind === 'aws' ? accountFlags(backend) : ` --local${stackFlag(backend)}`

export const backendFlags = ({ backend }: DoctorOptions): string =>
  backend.kind === 'aws' ? ` --aws${accountFlags(backend)}${connectionFlag(backend)}` : stackFlag(backend)

const accountFlags = ({ region, profile }: AwsBackend): string =>
  `${region === undefined ? '' : ` --region ${region}`}${profile === undefined ? '' : ` --profile ${shellArgument(profile)}`}`

const connectionFlag = ({ snowflake }: AwsBackend): string =>
  snowflake === undefined ? '' : ` --connection ${shellArgument(snowflake.connection)}`

const stackFlag = ({ stack }: LocalBackend): string =>
  stack.url === defaultStackUrl ? '' : ` --stack ${shellArgument(stack.url)}`

export const mapFlag = (mapName: string): string =>
  mapName === 'access.yml' ? '' : ` --access ${shellArgument(mapName)}`

/** Starts the stack at the address that was checked. */
export const startStackFix = (stage: string, { stack }: LocalBackend): FixStep => {
  const portFlag = stack.url === defaultStackUrl ? '' : ` --port ${new URL(stack.url).port}`
  return command(`npx snowgate start --stage ${stage}${portFlag}`)
}

/** Sets the credentials of the stack's administrator in the shell. */
export const useAdminFix = (backend: LocalBackend): FixStep =>
  command(`eval "$(npx snowgate env admin${stackFlag(backend)})"`)

export const redeploy = ({ options, mapName }: Pick<DoctorContext, 'options' | 'mapName'>): FixStep =>
  command(`npx snowgate deploy --stage ${options.stage}${mapFlag(mapName)}${deployFlags(options)}`)

/**
 * Reverts a manual change since the last deployment. The next deployment would not revert it: CloudFormation applies the
 * differences between two templates. The local stack recreates everything.
 */
export const restoreDeployed = (
  context: Pick<DoctorContext, 'options' | 'mapName'>,
  awsCommand: string,
): readonly FixStep[] => (context.options.backend.kind === 'local' ? [redeploy(context)] : [command(awsCommand)])

/** An argument of a command, quoted if a shell requires it. */
const shellArgument = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : shellQuoted(text))

/** A text in single quotes for a shell. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A value of the map as YAML in one line. */
export const editMapFix = (
  { mapName, lineOf }: Pick<DoctorContext, 'mapName' | 'lineOf'>,
  path: readonly string[],
  value: string | readonly string[],
): FixStep => {
  const written = typeof value === 'string' ? value : `[${value.map((one) => JSON.stringify(one)).join(', ')}]`
  return {
    kind: 'edit',
    text: `${mapName}:${lineOf(path)}  set ${path.at(-1)}: ${written}`,
    mapEdit: { path, value },
  }
}

const callerFlags = ({ options, mapName }: DoctorContext, caller: string): string =>
  `--stage ${options.stage} --caller ${caller}${mapFlag(mapName)}`

/** setup also adds the external id of a new integration to the map. */
export const setupFix = (context: DoctorContext, caller: string): FixStep =>
  command(`npx snowgate setup --yes ${callerFlags(context, caller)}${backendFlags(context.options)}`)

/** Runs the SQL of a Snowflake caller, which does not change correct objects. */
export const setupSqlFix = (context: DoctorContext, caller: string): readonly FixStep[] => {
  const { backend } = context.options
  if (backend.kind === 'aws') return [setupFix(context, caller)]
  const flag = stackFlag(backend)
  const script = `npx snowgate setup sql ${callerFlags(context, caller)}${flag}`
  return [command(`${script} | npx snowgate sql --as ${caller}${flag}`)]
}

const sqlPattern = /^(?:ALTER|CREATE|GRANT|DROP|DESC|SET|CALL|SELECT) /
const commandPattern = /^(?:npx|npm|aws|eval|export|curl|unset|sudo) /

/** Prose around a statement, or a placeholder without its value. */
const prosePattern = /, (?:or|and|then|which|whose|fewer) |\. [A-Z]|\.$|; (?:for|in) |<[a-z]+>/

/** A fix that is known as one text. */
export const parseFixStep = (text: string): FixStep => {
  if (prosePattern.test(text)) return { kind: 'edit', text }
  return { kind: sqlPattern.test(text) ? 'sql' : commandPattern.test(text) ? 'command' : 'edit', text }
}
