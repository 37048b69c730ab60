import { members, type QueryError } from './query-protocol.ts'

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

interface Constraint {
  readonly parameter: string
  /** As the answer spells it. */
  readonly member: string
  readonly required?: boolean
  readonly length: readonly [number, number]
  readonly pattern?: string
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const constraints: readonly Constraint[] = [
  { parameter: 'RoleArn', member: 'roleArn', required: true, length: [20, 2048] },
  { parameter: 'RoleSessionName', member: 'roleSessionName', required: true, length: [2, 64], pattern: '[\\w+=,.@-]*' },
  { parameter: 'ExternalId', member: 'externalId', length: [2, 1224], pattern: '[\\w+=,.@:\\/-]*' },
  { parameter: 'SourceIdentity', member: 'sourceIdentity', length: [2, 64], pattern: '[\\w+=,.@-]*' },
  { parameter: 'Policy', member: 'policy', length: [1, 2048] },
]

const duration = { least: 900, most: 43_200, standard: 3_600 }

/** The input, or the error that STS answers: one that counts everything wrong with the parameters. */
export const readAssumeRole = (given: ReadonlyMap<string, string>): AssumeRoleInput | QueryError => {
  const violations = [
    ...constraints.flatMap((constraint) => violationsOf(constraint, given.get(constraint.parameter))),
    ...durationViolations(given.get('DurationSeconds')),
  ]
  if (violations.length > 0) return validationError(violations)
  const tagList = members(given, 'Tags').map((tag) => [tag.get('Key') ?? '', tag.get('Value') ?? ''] as const)
  const transitiveTagKeys = members(given, 'TransitiveTagKeys').map((key) => key.get('') ?? '')
  const names = tagList.map(([key]) => key.toLowerCase())
  if (new Set(names).size < names.length) {
    return invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  if (transitiveTagKeys.some((key) => !names.includes(key.toLowerCase()))) {
    return invalidParameter('The specified transitive tag key must be included in the requested tags.')
  }
  const optional = (parameter: string, as: 'externalId' | 'policy' | 'sourceIdentity') =>
    given.has(parameter) ? { [as]: given.get(parameter) } : {}
  return {
    roleArn: given.get('RoleArn') ?? '',
    roleSessionName: given.get('RoleSessionName') ?? '',
    durationSeconds: Number(given.get('DurationSeconds') ?? duration.standard),
    ...optional('ExternalId', 'externalId'),
    ...optional('Policy', 'policy'),
    ...optional('SourceIdentity', 'sourceIdentity'),
    tags: Object.fromEntries(tagList),
    transitiveTagKeys,
  }
}

const violationsOf = (
  { member, required, length: [least, most], pattern }: Constraint,
  value: string | undefined,
): string[] => {
  const violation = (shown: string, must: string) =>
    `Value ${shown} at '${member}' failed to satisfy constraint: Member must ${must}`
  if (value === undefined) return required ? [violation('null', 'not be null')] : []
  return [
    ...(value.length < least ? [violation(`'${value}'`, `have length greater than or equal to ${least}`)] : []),
    ...(value.length > most ? [violation(`'${value}'`, `have length less than or equal to ${most}`)] : []),
    ...(pattern && !new RegExp(`^${pattern}$`).test(value)
      ? [violation(`'${value}'`, `satisfy regular expression pattern: ${pattern}`)]
      : []),
  ]
}

const durationViolations = (value: string | undefined): string[] => {
  if (value === undefined) return []
  const seconds = Number(value)
  const violation = (must: string) =>
    `Value '${value}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${must}`
  if (!/^-?\d{1,12}$/.test(value) || seconds < duration.least)
    return [violation(`greater than or equal to ${duration.least}`)]
  return seconds > duration.most ? [violation(`less than or equal to ${duration.most}`)] : []
}

const validationError = (violations: readonly string[]): QueryError => ({
  status: 400,
  code: 'ValidationError',
  message: `${violations.length} validation error${violations.length > 1 ? 's' : ''} detected: ${violations.join('; ')}`,
})

const invalidParameter = (message: string): QueryError => ({ status: 400, code: 'InvalidParameterValue', message })
