import { stackOption } from '../local-stack/index.ts'
import { command, type MendStep } from './finding.ts'
import type { Order, Patient } from './patient.ts'

/** What of the command line says which world is meant. */
const worldFlags = ({ world }: Order): string => {
  if (world.kind === 'aws') return ''
  const { url } = world.stack
  return url === stackOption.defaultValue ? ' --local' : ` --local --stack ${url}`
}

const mapFlag = (mapName: string) => (mapName === 'access.yml' ? '' : ` --access ${mapName}`)

export const deployAgain = ({ order, mapName }: Pick<Patient, 'order' | 'mapName'>): MendStep =>
  command(`npx snowgate deploy --stage ${order.stage}${mapFlag(mapName)}${worldFlags(order)}`)

/**
 * What was changed by hand since the last deployment, which the next one would not see: CloudFormation changes what differs
 * between two templates. The local stack makes everything anew.
 */
export const putBack = (patient: Pick<Patient, 'order' | 'mapName'>, awsCommand: string): readonly MendStep[] =>
  patient.order.world.kind === 'local' ? [deployAgain(patient)] : [command(awsCommand)]

/** A text between the single quotes of a shell. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
