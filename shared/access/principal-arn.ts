/**
 * Stricter than IAM: no wildcard and no `$`, which a policy does not treat as plain text.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
const principalArn = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:(user|role)\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/

/** Why a text is not a valid principal, and what to write instead; undefined if it is valid. */
export const principalFault = (text: string): string | undefined => {
  if (principalArn.test(text)) return undefined
  return `${describeMistake(text)}: write the ARN of a role or user, such as arn:aws:iam::222222222222:role/Name`
}

/** The same for Snowflake's IAM user of DESCRIBE INTEGRATION. */
export const snowflakeUserFault = (text: string): string | undefined => {
  const kind = principalArn.exec(text)?.[1]
  if (kind === 'user') return undefined
  return `${kind === 'role' ? 'this is a role, and Snowflake uses an IAM user' : describeMistake(text)}: write the value of API_AWS_IAM_USER_ARN from DESCRIBE INTEGRATION, such as arn:aws:iam::999999999999:user/abcd-s-example`
}

/** The same for the role to assume for a target. */
export const targetRoleFault = (text: string): string | undefined => {
  const kind = principalArn.exec(text)?.[1]
  if (kind === 'role') return undefined
  return `${kind === 'user' ? 'this is a user, and only roles can be assumed' : describeMistake(text)}: write the ARN of a role, such as arn:aws:iam::333333333333:role/Name`
}

const mistakes: readonly (readonly [RegExp, string])[] = [
  [/[*?]/, 'wildcards are not allowed'],
  [/^\d{12}$|:root$/, 'account principals (:root) are not allowed'],
  [/^arn:[^:]*:sts:.*:assumed-role\//, 'this is a session ARN'],
  [/^arn:[^:]*:iam::(?!\d{12}:)/, 'an account id has twelve digits'],
  [/^arn:[^:]*:iam::\d{12}:group\//, 'IAM groups cannot sign requests'],
  [/^\s|\s$/, 'remove the leading or trailing space'],
]

const describeMistake = (text: string): string =>
  mistakes.find(([pattern]) => pattern.test(text))?.[1] ?? 'this is not the ARN of a role or user'
