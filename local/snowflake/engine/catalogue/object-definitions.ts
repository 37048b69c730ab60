import * as z from 'zod'
import { contextFunctions } from '../query/index.ts'
import { compilationError, LocalLimitError } from '../snowflake-error.ts'
import type { Settings } from '../sql/index.ts'
import { authenticationPolicyDefinition } from './authentication-policy.ts'
import { networkPolicyDefinition } from './network-policy.ts'
import { comment, flag, name, names, oneOf, pairs, text, texts, word } from './setting-schemas.ts'
import { userDefinition } from './user-definition.ts'

// https://docs.snowflake.com/en/sql-reference/sql/create-external-function
const printableAscii = /^[ -~]*$/
const notInHeaderNames = /[\s(),/:;<>="?@[\]\\{}_]/
const isHeaderName = (key: string) => key !== '' && printableAscii.test(key) && !notInHeaderNames.test(key)
const headers = pairs(text).refine(
  (given) => given.every(([key, value]) => isHeaderName(key) && printableAscii.test(value) && !value.includes('  ')),
  {
    error:
      'HEADERS takes names of visible ASCII without ( ) , / : ; < > = " ? @ [ ] \\ { } _, and values of visible ASCII without two blanks in a row',
  },
)

/** Everything that can be created, with the settings that the local Snowflake knows of it. */
const objectDefinition = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('API INTEGRATION'),
    API_PROVIDER: oneOf(
      'AWS_API_GATEWAY',
      'AWS_PRIVATE_API_GATEWAY',
      'AWS_GOV_API_GATEWAY',
      'AWS_GOV_PRIVATE_API_GATEWAY',
    ),
    API_AWS_ROLE_ARN: text,
    API_ALLOWED_PREFIXES: texts,
    API_BLOCKED_PREFIXES: texts.default([]),
    API_KEY: text.regex(printableAscii).optional(),
    ENABLED: flag,
    COMMENT: comment,
  }),
  z.strictObject({
    kind: z.literal('SECURITY INTEGRATION'),
    TYPE: oneOf('API_AUTHENTICATION'),
    AUTH_TYPE: oneOf('AWS_IAM'),
    AWS_ROLE_ARN: text,
    ENABLED: flag,
    COMMENT: comment,
  }),
  z.strictObject({
    kind: z.literal('EXTERNAL ACCESS INTEGRATION'),
    ALLOWED_NETWORK_RULES: names,
    ALLOWED_AUTHENTICATION_SECRETS: names.default([]),
    ENABLED: flag,
    COMMENT: comment,
  }),
  z.strictObject({
    kind: z.literal('NETWORK RULE'),
    MODE: oneOf('EGRESS'),
    TYPE: oneOf('HOST_PORT'),
    VALUE_LIST: texts,
    COMMENT: comment,
  }),
  z.strictObject({
    kind: z.literal('SECRET'),
    TYPE: oneOf('CLOUD_PROVIDER_TOKEN'),
    API_AUTHENTICATION: name,
    COMMENT: comment,
  }),
  networkPolicyDefinition,
  authenticationPolicyDefinition,
  z.strictObject({ kind: z.literal(['ROLE', 'DATABASE', 'SCHEMA']), COMMENT: comment }),
  userDefinition,
  z.strictObject({
    kind: z.literal('EXTERNAL FUNCTION'),
    API_INTEGRATION: name,
    HEADERS: headers.default([]),
    CONTEXT_HEADERS: z.array(word.pipe(z.enum([...contextFunctions.keys()]))).default([]),
    MAX_BATCH_ROWS: z.int().positive().optional(),
    COMPRESSION: oneOf('AUTO', 'NONE', 'GZIP', 'DEFLATE').default('AUTO'),
    COMMENT: comment,
  }),
  z.strictObject({
    kind: z.literal('PYTHON FUNCTION'),
    RUNTIME_VERSION: z.union([text, z.number().transform(String)]),
    PACKAGES: texts.default([]),
    HANDLER: text,
    EXTERNAL_ACCESS_INTEGRATIONS: names.default([]),
    SECRETS: pairs(name).default([]),
    COMMENT: comment,
  }),
])

export type ObjectDefinition = z.output<typeof objectDefinition>
export type ObjectDefinitionOf<Kind extends ObjectDefinition['kind']> = Extract<
  ObjectDefinition,
  { readonly kind: Kind }
>

/** Reads the settings of CREATE. What is not known here is a limit of ours; what lacks or has a wrong form is not. */
export const readDefinition = (kind: string, settings: Settings): ObjectDefinition => {
  const { data, error } = objectDefinition.safeParse({ ...settings, kind })
  if (data) return data
  const [issue] = error.issues
  const key = String(issue?.path[0] ?? '')
  if (issue?.code === 'unrecognized_keys')
    throw new LocalLimitError(`the option ${issue.keys.join(', ')} of CREATE ${kind}`)
  if (key === 'kind') throw new LocalLimitError(`CREATE ${kind}`)
  if (issue?.code === 'invalid_value')
    throw new LocalLimitError(`this value of ${key} in CREATE ${kind}; it has ${issue.values.join(', ')}`)
  if (!(key in settings)) throw compilationError(`missing option '${key}' of CREATE ${kind}.`)
  throw compilationError(
    `invalid value for option '${key}' of CREATE ${kind}${issue?.code === 'custom' ? `: ${issue.message}` : ''}.`,
  )
}
