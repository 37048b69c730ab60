import type { Identity, RunningStack } from '../local/running-stack.ts'
import type { Journey, Keys } from './journey.ts'

/** The stacks and relays for the cases. */
export interface Worlds {
  readonly stack: RunningStack
  /** A stack whose clock is six minutes ahead of the client's. */
  readonly ahead: RunningStack
  /** Relays in front of the stack that change bodies or remove signatures. */
  readonly relays: { readonly changing: string; readonly unsigning: string }
}

interface Refusal {
  readonly status: number
  readonly errorType: string
  readonly words: RegExp
}

export interface Case {
  readonly name: string
  readonly prepare: (worlds: Worlds) => Promise<Partial<Journey> & Pick<Journey, 'keys'>>
  /** At the REST API. */
  readonly atApi: Refusal
  /** At the Lambda API. */
  readonly atLambda?: Refusal
}

const keysOf = ({ accessKeyId, secretAccessKey, sessionToken }: Identity): Keys => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken !== null && { sessionToken }),
})

/** The identity with its caller role, as `snowgate env` sets it up. */
export const through = async (stack: RunningStack, name: string) => {
  const identity = await stack.identity(name)
  const { doorRoleArn: roleArn, externalId } = identity
  return {
    keys: keysOf(identity),
    ...(roleArn !== undefined && { door: { roleArn, ...(externalId !== undefined && { externalId }) } }),
  }
}

const own = async (stack: RunningStack, name: string) => ({ keys: keysOf(await stack.identity(name)) })

const mismatch =
  /The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key and signing method\./
const denied = (user: string, action: string, because: string) =>
  new RegExp(`User: arn:aws:(iam|sts)::${user} is not authorized to perform: ${action} on resource: \\S+${because}`)

const notAssumed = (user: string): Refusal => ({
  status: 403,
  errorType: 'AccessDenied',
  words: denied(user, 'sts:AssumeRole', ' because no role trust policy allows the sts:AssumeRole action'),
})
const atBoth = (refusal: Refusal) => ({ atApi: refusal, atLambda: refusal })

const noFunctionPolicy = ' because no resource-based policy allows the lambda:InvokeFunction action'
const explicitly = ' with an explicit deny in a resource-based policy'
const signatureRefused = (words: RegExp) => atBoth({ status: 403, errorType: 'InvalidSignatureException', words })

export const cases: readonly Case[] = [
  {
    name: 'unsigned',
    prepare: async ({ stack, relays }) => ({ ...(await own(stack, 'reporting')), endpoint: relays.unsigning }),
    ...atBoth({ status: 403, errorType: 'MissingAuthenticationTokenException', words: /Missing Authentication Token/ }),
  },
  {
    name: 'wrong secret',
    prepare: async ({ stack }) => ({ ...(await through(stack, 'analytics')), secretInstead: 'x'.repeat(40) }),
    ...signatureRefused(mismatch),
  },
  {
    name: 'body changed after signing',
    prepare: async ({ stack, relays }) => ({ ...(await through(stack, 'analytics')), endpoint: relays.changing }),
    ...signatureRefused(mismatch),
  },
  {
    name: 'clock six minutes off',
    prepare: async ({ ahead }) => ({ ...(await own(ahead, 'reporting')), endpoint: ahead.url }),
    ...signatureRefused(/Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)/),
  },
  {
    name: 'wrong region',
    prepare: async ({ stack }) => ({ ...(await own(stack, 'reporting')), region: 'us-east-1' }),
    ...signatureRefused(/Credential should be scoped to a valid region, not 'us-east-1'\./),
  },
  {
    name: 'wrong service',
    prepare: async ({ stack }) => ({ ...(await own(stack, 'reporting')), service: 'lambda' }),
    atApi: {
      status: 403,
      errorType: 'InvalidSignatureException',
      words: /Credential should be scoped to correct service: 'execute-api'\./,
    },
  },
  {
    name: 'expired session',
    prepare: ({ stack }) => own(stack, 'expired'),
    ...atBoth({
      status: 403,
      errorType: 'ExpiredTokenException',
      words: /The security token included in the request is expired/,
    }),
  },
  {
    name: 'unknown key',
    prepare: async () => ({ keys: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) } }),
    ...atBoth({
      status: 403,
      errorType: 'UnrecognizedClientException',
      words: /The security token included in the request is invalid/,
    }),
  },
  {
    name: 'wrong external id',
    prepare: async ({ stack }) => {
      const { keys, door } = await through(stack, 'snowflake')
      return { keys, door: { roleArn: door?.roleArn ?? '', externalId: 'ABC12345_SFCRole=3_another=' } }
    },
    ...atBoth(notAssumed('999999999999:user/abcd-s-example')),
  },
  {
    name: 'no external id',
    prepare: async ({ stack }) => {
      const { keys, door } = await through(stack, 'snowflake')
      return { keys, door: { roleArn: door?.roleArn ?? '' } }
    },
    ...atBoth(notAssumed('999999999999:user/abcd-s-example')),
  },
  {
    name: 'role not in the trust',
    prepare: async ({ stack }) => {
      const { door } = await through(stack, 'analytics')
      return { ...(await own(stack, 'reporting')), door: { roleArn: door?.roleArn ?? '' } }
    },
    ...atBoth(notAssumed('444444444444:assumed-role/ReportingRole/reporting')),
  },
  {
    name: 'session of another role',
    prepare: ({ stack }) => own(stack, 'analytics'),
    atApi: {
      status: 403,
      errorType: 'AccessDeniedException',
      words: denied('222222222222:assumed-role/LambdaRoleDeve/analytics', 'execute-api:Invoke', explicitly),
    },
    atLambda: {
      status: 403,
      errorType: 'AccessDeniedException',
      words: denied('222222222222:assumed-role/LambdaRoleDeve/analytics', 'lambda:InvokeFunction', noFunctionPolicy),
    },
  },
  {
    name: 'route not allowed',
    prepare: ({ stack }) => through(stack, 'reader'),
    atApi: {
      status: 403,
      errorType: 'AccessDeniedException',
      words: denied(
        '\\d+:assumed-role/snowgate-dev-reader/\\w+',
        'execute-api:Invoke',
        ' because no identity-based policy allows the execute-api:Invoke action',
      ),
    },
    atLambda: {
      status: 403,
      errorType: 'AccessDeniedException',
      words: denied(
        '\\d+:assumed-role/snowgate-dev-reader/\\w+',
        'lambda:InvokeFunction',
        ' because no identity-based policy allows the lambda:InvokeFunction action',
      ),
    },
  },
  {
    name: 'explicit deny',
    prepare: ({ stack }) => own(stack, 'admin'),
    atApi: {
      status: 403,
      errorType: 'AccessDeniedException',
      words: denied('111111111111:user/admin', 'execute-api:Invoke', explicitly),
    },
  },
  {
    name: 'unknown route',
    prepare: async ({ stack }) => ({
      ...(await through(stack, 'analytics')),
      path: '/dev/nothing',
      functionName: 'snowgate-dev-nothing',
    }),
    atApi: {
      status: 403,
      errorType: 'MissingAuthenticationTokenException',
      words: /Missing Authentication Token/,
    },
    // A caller without permission does not learn that the function does not exist.
    atLambda: {
      status: 403,
      errorType: 'AccessDeniedException',
      words: denied(
        '\\d+:assumed-role/snowgate-dev-analytics/\\w+',
        'lambda:InvokeFunction',
        ' because no identity-based policy allows the lambda:InvokeFunction action',
      ),
    },
  },
  {
    name: 'stranger',
    prepare: ({ stack }) => own(stack, 'stranger'),
    atApi: {
      status: 403,
      errorType: 'AccessDeniedException',
      words: denied('666666666666:user/stranger', 'execute-api:Invoke', explicitly),
    },
    atLambda: {
      status: 403,
      errorType: 'AccessDeniedException',
      words: denied('666666666666:user/stranger', 'lambda:InvokeFunction', noFunctionPolicy),
    },
  },
]
