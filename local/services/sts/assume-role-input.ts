import { listMembers, type QueryError } from '../../service/query-protocol.ts'
import {
  type Constraint,
  duplicateTags,
  durationViolations,
  invalidParameter,
  validationError,
  violationsOf,
} from './parameter-constraints.ts'

export interface AssumeRoleInput {
  readonly roleArn: string
  readonly roleSessionName: string
  /** Seconds */
  readonly durationSeconds: number
  readonly externalId?: string
  readonly policy?: string
  readonly sourceIdentity?: string
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const constraints: readonly (Constraint & { readonly parameter: string })[] = [
  { parameter: 'RoleArn', member: 'roleArn', required: true, length: [20, 2048] },
  { parameter: 'RoleSessionName', member: 'roleSessionName', required: true, length: [2, 64], pattern: '[\\w+=,.@-]*' },
  { parameter: 'ExternalId', member: 'externalId', length: [2, 1224], pattern: '[\\w+=,.@:\\/-]*' },
  { parameter: 'SourceIdentity', member: 'sourceIdentity', length: [2, 64], pattern: '[\\w+=,.@-]*' },
  { parameter: 'Policy', member: 'policy', length: [1, 2048] },
]

const duration = { least: 900, most: 43_200, standard: 3_600 }

/** The input, or the error that STS answers. */
export const readAssumeRole = (parameters: ReadonlyMap<string, string>): AssumeRoleInput | QueryError => {
  const violations = [
    ...constraints.flatMap((constraint) => violationsOf(constraint, parameters.get(constraint.parameter))),
    ...durationViolations(parameters.get('DurationSeconds'), duration),
  ]
  if (violations.length > 0) return validationError(violations)
  const tagList = listMembers(parameters, 'Tags').map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? ''] as const)
  const transitiveTagKeys = listMembers(parameters, 'TransitiveTagKeys').map((key) => key.get('') ?? '')
  const names = tagList.map(([key]) => key)
  const duplicateError = duplicateTags(names)
  if (duplicateError) return duplicateError
  const lowerNames = names.map((name) => name.toLowerCase())
  if (transitiveTagKeys.some((key) => !lowerNames.includes(key.toLowerCase()))) {
    return invalidParameter('The specified transitive tag key must be included in the requested tags.')
  }
  const optional = (parameter: string, as: 'externalId' | 'policy' | 'sourceIdentity') =>
    parameters.has(parameter) ? { [as]: parameters.get(parameter) } : {}
  return {
    roleArn: parameters.get('RoleArn') ?? '',
    roleSessionName: parameters.get('RoleSessionName') ?? '',
    durationSeconds: Number(parameters.get('DurationSeconds') ?? duration.standard),
    ...optional('ExternalId', 'externalId'),
    ...optional('Policy', 'policy'),
    ...optional('SourceIdentity', 'sourceIdentity'),
    tags: Object.fromEntries(tagList),
    transitiveTagKeys,
  }
}
