/** How a request spells the function it is for: by name, partial ARN or full ARN, each with or without a qualifier. */
export interface FunctionReference {
  readonly name: string
  /** Absent where the spelling leaves them out. */
  readonly partition: string | undefined
  readonly region: string | undefined
  readonly accountId: string | undefined
  readonly qualifier: string | undefined
}

/** The pattern that Invoke prints when a name does not match, recorded by LocalStack in November 2025 (test_lambda_api). */
const functionNamePattern =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?'

/** The same with names for what is read of it. */
const functionName =
  /^(arn:(?<partition>aws[a-zA-Z-]*)?:lambda:)?((?<region>(eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-\d):)?((?<accountId>\d{12}):)?(function:)?(?<name>[a-zA-Z0-9-_.]+)(:(?<qualifier>\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/

const qualifierPattern = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+'

/** The reference, or what is wrong with it and the qualifier beside it, in Lambda's words. */
export const readFunctionReference = (
  spelling: string,
  qualifier: string | undefined,
): { readonly reference: FunctionReference } | { readonly violations: readonly string[] } => {
  const groups = functionName.exec(spelling)?.groups
  const violations = [
    ...(qualifier === undefined ? [] : violationsOfQualifier(qualifier)),
    ...(groups ? [] : [violation(spelling, 'functionName', `regular expression pattern: ${functionNamePattern}`)]),
  ]
  if (!groups || violations.length > 0) return { violations }
  const { name = '', partition, region, accountId, qualifier: own } = groups
  return { reference: { name, partition, region, accountId, qualifier: own } }
}

const violationsOfQualifier = (qualifier: string): string[] => {
  if (qualifier.length > 128) {
    return [
      `Value '${qualifier}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ]
  }
  if (/^(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_$]+)$/.test(qualifier)) return []
  return [violation(qualifier, 'qualifier', `regular expression pattern: ${qualifierPattern}`)]
}

const violation = (value: string, member: string, constraint: string) =>
  `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy ${constraint}`
