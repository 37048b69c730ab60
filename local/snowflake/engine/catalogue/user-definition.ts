import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import * as z from 'zod'
import { compilationError } from '../snowflake-error.ts'
import { comment, flag, oneOf, pairs, text, textOrWord, word } from './setting-schemas.ts'
import { readWorkloadIdentity } from './workload-identity.ts'

export interface PublicKey {
  readonly key: KeyObject
  /** `SHA256:` and the digest of the key as DER, in base64: what DESC USER shows and a token of the key names. */
  readonly fingerprint: string
}

/** The body of the PEM without its first and last line. https://docs.snowflake.com/en/user-guide/key-pair-auth */
const readPublicKey = (body: string): PublicKey => {
  const key = parsePublicKey(body)
  if (key?.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2_048) {
    throw compilationError(
      'the public key is not an RSA key of 2048 bits or more, written as its PEM without the header lines.',
    )
  }
  const der = key.export({ format: 'der', type: 'spki' })
  return { key, fingerprint: `SHA256:${hash('sha256', der, 'base64')}` }
}

const parsePublicKey = (body: string): KeyObject | undefined => {
  try {
    return createPublicKey({ key: Buffer.from(body, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

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
