import * as z from 'zod'
import type { SnowflakeLogin } from '../snowflake/index.ts'
import { defaultPassphraseParameter, defaultPrivateKeyParameter, defaultSnowflakeUser } from './aws-names.ts'
import { checkedText, uniqueList } from './caller-schema.ts'
import { expectedMessage, isMapping } from './expected-value.ts'
import { targetRoleFault } from './principal-arn.ts'

/** https://docs.snowflake.com/en/user-guide/admin-account-identifier */
const accountFault = (text: string): string | undefined => {
  if (/snowflakecomputing|:\/\//.test(text))
    return 'this is a host or a URL: write the part before .snowflakecomputing.com'
  return /^[A-Za-z\d]\w*(?:-\w+)*(?:\.[a-z\d-]+){0,3}$/.test(text)
    ? undefined
    : 'this is not an account identifier: write the organization and the account name, such as myorg-myaccount'
}

/** https://docs.snowflake.com/en/sql-reference/identifiers-syntax, without quotation marks. */
const identifierFault = (text: string): string | undefined =>
  /^[A-Za-z_][\w$]{0,254}$/.test(text)
    ? undefined
    : 'a Snowflake name has letters, digits, _ and $ and begins with a letter or _: rename it'

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
const parameterFault = (text: string): string | undefined =>
  /^\/(?!(?:aws|ssm)\b)[\w.-]+(?:\/[\w.-]+){0,14}$/i.test(text) && text.length <= 1_011
    ? undefined
    : 'a parameter name begins with a slash and has letters, digits and _.- between slashes: write for example /snowgate/dev/snowflake/private-key'

const keyFault = (text: string): string | undefined =>
  /^arn:aws(?:-[a-z]+)*:kms:[a-z\d-]+:\d{12}:key\/[\w-]+$/.test(text)
    ? undefined
    : 'this is not a KMS key ARN: write arn:aws:kms:<region>:<account>:key/<id>; a policy cannot allow an alias'

const trueOrAbsent = z.literal(true, { error: 'only true is allowed: write true, or remove the line' })
const identifier = checkedText('a name in Snowflake', identifierFault)
const parameter = checkedText('the name of a parameter of SSM', parameterFault)

const keys = {
  account: checkedText('the identifier of the Snowflake account, such as myorg-myaccount', accountFault),
  login: z.enum(['workload-identity', 'key-pair'], { error: expectedMessage('workload-identity or key-pair') }),
  user: identifier.optional(),
  role: identifier.optional(),
  warehouse: identifier.optional(),
  webIdentityToken: trueOrAbsent.optional(),
  impersonate: uniqueList(checkedText('the ARN of a role', targetRoleFault), 'a list of role ARNs').optional(),
  privateKey: parameter.optional(),
  passphrase: parameter.optional(),
  kmsKeyArn: checkedText('the ARN of a key of KMS', keyFault).optional(),
}

type Key = keyof typeof keys

export const snowflakeKeys = Object.keys(keys)

/** Keys that belong to only one login type. */
const loginOfKey: readonly (readonly [key: Key, login: SnowflakeLogin['login']])[] = [
  ['webIdentityToken', 'workload-identity'],
  ['impersonate', 'workload-identity'],
  ['privateKey', 'key-pair'],
  ['passphrase', 'key-pair'],
  ['kmsKeyArn', 'key-pair'],
]

/** The schema does not know the stage: `snowflakeLoginOf` adds the defaults that depend on it. */
export const snowflakeSchema = z
  .strictObject(keys, { error: expectedMessage('a mapping with account and login') })
  .superRefine(
    (present: Readonly<Partial<Record<Key, unknown>>>, { issues }) => {
      for (const [key, login] of loginOfKey) {
        if (present[key] === undefined || present.login === login) continue
        const message = `this key requires login: ${login}: remove it, or change login`
        issues.push({ code: 'custom', path: [key], message, input: present[key] })
      }
    },
    { when: ({ value }) => isMapping(value) },
  )

export const toSnowflakeLogin = (
  stageName: string,
  { account, user, role, warehouse, ...rest }: z.output<typeof snowflakeSchema>,
): SnowflakeLogin => {
  const identity = {
    account,
    user: user?.toUpperCase() ?? defaultSnowflakeUser(stageName),
    ...(role !== undefined && { role: role.toUpperCase() }),
    ...(warehouse !== undefined && { warehouse: warehouse.toUpperCase() }),
  }
  if (rest.login === 'workload-identity') {
    const { webIdentityToken, impersonate } = rest
    return {
      ...identity,
      login: 'workload-identity',
      ...(webIdentityToken && { webIdentityToken }),
      ...(impersonate && { impersonate }),
    }
  }
  const { privateKey, passphrase, kmsKeyArn } = rest
  return {
    ...identity,
    login: 'key-pair',
    privateKey: privateKey ?? defaultPrivateKeyParameter(stageName),
    passphrase: passphrase ?? defaultPassphraseParameter(stageName),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
  }
}
