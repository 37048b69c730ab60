import type { QueryError } from '../../service/query-protocol.ts'

/** What a parameter has to be like, in the words of the service's model. */
export interface Constraint {
  /** As the answer spells it. */
  readonly member: string
  readonly required?: boolean
  readonly length: readonly [number, number]
  readonly pattern?: string
}

const violation = (formatted: string, member: string, requirement: string): string =>
  `Value ${formatted} at '${member}' failed to satisfy constraint: Member must ${requirement}`

/** For what is required and is not there. */
export const missingViolation = (member: string): string => violation('null', member, 'not be null')

export const violationsOf = (
  { member, required, length: [min, max], pattern }: Constraint,
  value: string | undefined,
): readonly string[] => {
  if (value === undefined) return required ? [missingViolation(member)] : []
  return [
    ...(value.length < min ? [violation(`'${value}'`, member, `have length greater than or equal to ${min}`)] : []),
    ...(value.length > max ? [violation(`'${value}'`, member, `have length less than or equal to ${max}`)] : []),
    ...(pattern && !new RegExp(`^${pattern}$`, 'u').test(value)
      ? [violation(`'${value}'`, member, `satisfy regular expression pattern: ${pattern}`)]
      : []),
  ]
}

/** Of a list; `shown` is how the answer prints it. */
export const countViolations = (member: string, count: number, max: number, formatted: string): readonly string[] =>
  count > max ? [violation(`'${formatted}'`, member, `have length less than or equal to ${max}`)] : []

/** Of a list whose members have a length each: the answer prints the list and not the member. */
export const memberViolations = (
  member: string,
  values: readonly string[],
  [min, max]: readonly [number, number],
): readonly string[] =>
  values.every(({ length }) => length >= min && length <= max)
    ? []
    : [
        violation(
          `'[${values.join(', ')}]'`,
          member,
          `satisfy constraint: [Member must have length less than or equal to ${max}, Member must have length greater than or equal to ${min}]`,
        ),
      ]

export const durationViolations = (
  value: string | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): readonly string[] => {
  if (value === undefined) return []
  const must = (what: string) => [violation(`'${value}'`, 'durationSeconds', `have value ${what}`)]
  if (!/^-?\d{1,12}$/.test(value) || Number(value) < least) return must(`greater than or equal to ${least}`)
  return Number(value) > most ? must(`less than or equal to ${most}`) : []
}

/** One error that counts everything wrong with the parameters. */
export const validationError = (violations: readonly string[]): QueryError => ({
  status: 400,
  code: 'ValidationError',
  message: `${violations.length} validation error${violations.length > 1 ? 's' : ''} detected: ${violations.join('; ')}`,
})

export const invalidParameter = (message: string): QueryError => ({
  status: 400,
  code: 'InvalidParameterValue',
  message,
})

/** Undefined when no two keys are the same but for their case. */
export const duplicateTags = (keys: readonly string[]): QueryError | undefined =>
  new Set(keys.map((key) => key.toLowerCase())).size < keys.length
    ? invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    : undefined
