import { defaultStackUrl } from '../local-stack/index.ts'
import { command, type MendStep } from './finding.ts'
import type { AwsWorld, LocalWorld, Order, Patient } from './patient.ts'

/** What of the command line says which world is meant: `deploy` goes to AWS by itself, the others to the local stack. */
const deployFlags = ({ world }: Order): string =>
  world.kind === 'aws' ? accountFlags(world) : ` --local${stackFlag(world)}`

export const lookingFlags = ({ world }: Order): string =>
  world.kind === 'aws' ? ` --aws${accountFlags(world)}${connectionFlag(world)}` : stackFlag(world)

const accountFlags = ({ region, profile }: AwsWorld): string =>
  `${region === undefined ? '' : ` --region ${region}`}${profile === undefined ? '' : ` --profile ${argument(profile)}`}`

const connectionFlag = ({ snowflake }: AwsWorld): string =>
  snowflake === undefined ? '' : ` --connection ${argument(snowflake.connection)}`

const stackFlag = ({ stack }: LocalWorld): string =>
  stack.url === defaultStackUrl ? '' : ` --stack ${argument(stack.url)}`

export const mapFlag = (mapName: string): string => (mapName === 'access.yml' ? '' : ` --access ${argument(mapName)}`)

export const deployAgain = ({ order, mapName }: Pick<Patient, 'order' | 'mapName'>): MendStep =>
  command(`npx snowgate deploy --stage ${order.stage}${mapFlag(mapName)}${deployFlags(order)}`)

/**
 * What was changed by hand since the last deployment, which the next one would not see: CloudFormation changes what differs
 * between two templates. The local stack makes everything anew.
 */
export const putBack = (patient: Pick<Patient, 'order' | 'mapName'>, awsCommand: string): readonly MendStep[] =>
  patient.order.world.kind === 'local' ? [deployAgain(patient)] : [command(awsCommand)]

/** A word of a command, quoted where a shell would take it apart. */
const argument = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : shellQuoted(text))

/** A text between the single quotes of a shell. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A value of the map, written as YAML takes it on one line. */
export const editMap = (
  { mapName, lineOf }: Pick<Patient, 'mapName' | 'lineOf'>,
  path: readonly string[],
  value: string | readonly string[],
): MendStep => {
  const written = typeof value === 'string' ? value : `[${value.map((one) => JSON.stringify(one)).join(', ')}]`
  return {
    kind: 'edit',
    text: `${mapName}:${lineOf(path)}  set ${path.at(-1)}: ${written}`,
    write: { path, value },
  }
}

const asked = ({ order, mapName }: Patient, caller: string): string =>
  `--stage ${order.stage} --caller ${caller}${mapFlag(mapName)}`

/** Everything that the trust takes: an integration that is new has another external id, which the map has to have. */
export const setUp = (patient: Patient, caller: string): MendStep =>
  command(`npx snowgate setup --yes ${asked(patient, caller)}${lookingFlags(patient.order)}`)

/** Runs the script of a Snowflake caller, which leaves what is as it should be. */
export const setUpSnowflake = (patient: Patient, caller: string): readonly MendStep[] => {
  const { world } = patient.order
  if (world.kind === 'aws') return [setUp(patient, caller)]
  const flag = stackFlag(world)
  const script = `npx snowgate setup sql ${asked(patient, caller)}${flag}`
  return [command(`${script} | npx snowgate sql --as ${caller}${flag}`)]
}

const statements = /^(?:ALTER|CREATE|GRANT|DROP|DESC|SET|CALL|SELECT) /
const commands = /^(?:npx|npm|aws|eval|export|curl|unset|sudo) /

/** Words around a statement, or a value that nobody has filled in. */
const prose = /, (?:or|and|then|which|whose|fewer) |\. [A-Z]|\.$|; (?:for|in) |<[a-z]+>/

/** A mend that somebody else printed as one text. */
export const asTold = (text: string): MendStep => {
  if (prose.test(text)) return { kind: 'edit', text }
  return { kind: statements.test(text) ? 'sql' : commands.test(text) ? 'command' : 'edit', text }
}
