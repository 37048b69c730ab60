import * as z from 'zod'
import { readPublicKey } from './public-key.ts'
import { comment, flag, oneOf, pairs, text, textOrWord, word } from './setting-forms.ts'
import { readWorkloadIdentity } from './workload-identity.ts'

const workloadIdentity = pairs(z.union([text, word])).transform((given) => readWorkloadIdentity(new Map(given)))

/** https://docs.snowflake.com/en/sql-reference/sql/create-user, of which the local Snowflake has what a service user needs. */
export const userDefinition = z
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
    NETWORK_POLICY: textOrWord.optional(),
    DISABLED: flag.default(false),
    COMMENT: comment,
  })
  .refine(({ TYPE, WORKLOAD_IDENTITY: identity }) => TYPE === 'SERVICE' || !identity, {
    path: ['WORKLOAD_IDENTITY'],
    error: 'it takes a user of TYPE = SERVICE',
  })
