import * as z from 'zod'
import { compilationError, LocalLimit } from '../errors.ts'
import { contextFunctions } from '../query/index.ts'
import type { Settings } from '../sql/index.ts'
import { readPublicKey } from './public-key.ts'
import { readWorkloadIdentity } from './workload-identity.ts'

const text = z.string()
const texts = z.array(text)
const flag = z.boolean()
const comment = text.default('')
const name = z.strictObject({ name: z.array(text) }).transform((given) => given.name)
const names = z.array(name)
const word = name.transform((parts) => parts.join('.'))
const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) => word.pipe(z.enum(words))
const pairs = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ pairs: z.array(z.tuple([text, value])) }).transform((given) => given.pairs)

// https://docs.snowflake.com/en/sql-reference/sql/create-external-function
const visible = /^[ -~]*$/
const notInHeaderNames = /[\s(),/:;<>="?@[\]\\{}_]/
const isHeaderName = (key: string) => key !== '' && visible.test(key) && !notInHeaderNames.test(key)
const headers = pairs(text).refine(
  (given) => given.every(([key, value]) => isHeaderName(key) && visible.test(value) && !value.includes('  ')),
  {
    error:
      'HEADERS takes names of visible ASCII without ( ) , / : ; < > = " ? @ [ ] \\ { } _, and values of visible ASCII without two blanks in a row',
  },
)

/** A text here is folded as a name without quotes is. */
const textOrWord = z.union([word, text.transform((given) => given.toUpperCase())])

const workloadIdentity = pairs(z.union([text, word])).transform((given) => readWorkloadIdentity(new Map(given)))

/** Everything that can be created, with the settings that the local Snowflake knows of it. */
const definition = z.discriminatedUnion('kind', [
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
    API_KEY: text.regex(visible).optional(),
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
  z.strictObject({ kind: z.literal(['ROLE', 'DATABASE', 'SCHEMA']), COMMENT: comment }),
  z
    .strictObject({
      kind: z.literal('USER'),
      TYPE: oneOf('PERSON', 'SERVICE', 'LEGACY_SERVICE').default('PERSON'),
      LOGIN_NAME: textOrWord.optional(),
      DISPLAY_NAME: textOrWord.optional(),
      DEFAULT_ROLE: textOrWord.optional(),
      DEFAULT_WAREHOUSE: textOrWord.optional(),
      DEFAULT_NAMESPACE: textOrWord.optional(),
      RSA_PUBLIC_KEY: text.transform(readPublicKey).optional(),
      RSA_PUBLIC_KEY_2: text.transform(readPublicKey).optional(),
      WORKLOAD_IDENTITY: workloadIdentity.optional(),
      DISABLED: flag.default(false),
      COMMENT: comment,
    })
    .refine(({ TYPE, WORKLOAD_IDENTITY: identity }) => TYPE === 'SERVICE' || !identity, {
      path: ['WORKLOAD_IDENTITY'],
      error: 'it takes a user of TYPE = SERVICE',
    }),
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

export type Definition = z.output<typeof definition>
export type DefinitionOf<Kind extends Definition['kind']> = Extract<Definition, { readonly kind: Kind }>

/** Reads the settings of CREATE. What is not known here is a limit of ours; what lacks or has a wrong form is not. */
export const readDefinition = (kind: string, settings: Settings): Definition => {
  const { data, error } = definition.safeParse({ ...settings, kind })
  if (data) return data
  const [issue] = error.issues
  const key = String(issue?.path[0] ?? '')
  if (issue?.code === 'unrecognized_keys') throw new LocalLimit(`the option ${issue.keys.join(', ')} of CREATE ${kind}`)
  if (key === 'kind') throw new LocalLimit(`CREATE ${kind}`)
  if (issue?.code === 'invalid_value')
    throw new LocalLimit(`this value of ${key} in CREATE ${kind}; it has ${issue.values.join(', ')}`)
  if (!(key in settings)) throw compilationError(`missing option '${key}' of CREATE ${kind}.`)
  throw compilationError(
    `invalid value for option '${key}' of CREATE ${kind}${issue?.code === 'custom' ? `: ${issue.message}` : ''}.`,
  )
}
