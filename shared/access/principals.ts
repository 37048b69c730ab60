/**
 * Path and name characters are narrower than IAM's: no wildcard and no `$`, which a policy would not take as plain text.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
const principalArn = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:(user|role)\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/

/** Why a text is no principal that the map admits, and what to write instead; undefined when it is one. */
export const principalFault = (text: string): string | undefined => {
  if (principalArn.test(text)) return undefined
  return `${mistake(text)}: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name`
}

/** The same for the IAM user that Snowflake shows in DESCRIBE INTEGRATION. */
export const snowflakeUserFault = (text: string): string | undefined => {
  const kind = principalArn.exec(text)?.[1]
  if (kind === 'user') return undefined
  return `${kind === 'role' ? 'this is a role, and Snowflake comes as an IAM user' : mistake(text)}: write the value of API_AWS_IAM_USER_ARN from DESCRIBE INTEGRATION, such as arn:aws:iam::999999999999:user/abcd-s-example`
}

/** The same for the role that is assumed for a target. */
export const targetRoleFault = (text: string): string | undefined => {
  const kind = principalArn.exec(text)?.[1]
  if (kind === 'role') return undefined
  return `${kind === 'user' ? 'this is a user, and only a role can be assumed' : mistake(text)}: write the ARN of a role, such as arn:aws:iam::333333333333:role/Name`
}

const mistakes: readonly (readonly [RegExp, string])[] = [
  [/[*?]/, 'a wildcard admits whoever comes to match it'],
  [/^\d{12}$|:root$/, 'an account stands for everybody in it'],
  [/^arn:[^:]*:sts:.*:assumed-role\//, 'this is the ARN of one session'],
  [/^arn:[^:]*:iam::(?!\d{12}:)/, 'an account id has twelve digits'],
  [/^arn:[^:]*:iam::\d{12}:group\//, 'a group cannot sign requests'],
  [/^\s|\s$/, 'there is a blank at the end'],
]

const mistake = (text: string): string =>
  mistakes.find(([pattern]) => pattern.test(text))?.[1] ?? 'this is not the ARN of a role or user'
