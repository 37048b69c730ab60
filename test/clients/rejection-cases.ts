import type { RunningStack, StackIdentity } from '../local/running-stack.ts'
import type { ClientCall, ClientCredentials } from './client-call.ts'

/** The stacks and relays for the cases. */
export interface TestStacks {
  readonly stack: RunningStack
  /** A stack whose clock is six minutes ahead of the client's. */
  readonly clockAhead: RunningStack
  /** Relays in front of the stack that change bodies or remove signatures. */
  readonly relays: { readonly changing: string; readonly unsigning: string }
}

interface Rejection {
  readonly status: number
  readonly errorType: string
  readonly message: RegExp
}

export interface RejectionCase {
  readonly name: string
  readonly prepare: (stacks: TestStacks) => Promise<Partial<ClientCall> & Pick<ClientCall, 'keys'>>
  /** At the REST API. */
  readonly atApi: Rejection
  /** At the Lambda API. */
  readonly atLambda?: Rejection
}

const toCredentials = ({ accessKeyId, secretAccessKey, sessionToken }: StackIdentity): ClientCredentials => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken !== null && { sessionToken }),
})

/** The identity with its caller role, as `snowgate env` sets it up. */
export const withCallerRole = async (stack: RunningStack, name: string) => {
  const identity = await stack.identity(name)
  const { callerRoleArn: roleArn, externalId } = identity
  return {
    keys: toCredentials(identity),
    ...(roleArn !== undefined && { callerRole: { roleArn, ...(externalId !== undefined && { externalId }) } }),
  }
}

const ownCredentials = async (stack: RunningStack, name: string) => ({
  keys: toCredentials(await stack.identity(name)),
})

const mismatch =
  /The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key and signing method\./
const denied = (user: string, action: string, reason: string) =>
  new RegExp(`User: arn:aws:(iam|sts)::${user} is not authorized to perform: ${action} on resource: \\S+${reason}`)

const assumeRoleDenied = (user: string): Rejection => ({
  status: 403,
  errorType: 'AccessDenied',
  message: denied(user, 'sts:AssumeRole', ' because no role trust policy allows the sts:AssumeRole action'),
})
const atBoth = (rejection: Rejection) => ({ atApi: rejection, atLambda: rejection })

const noFunctionPolicy = ' because no resource-based policy allows the lambda:InvokeFunction action'
const explicitDeny = ' with an explicit deny in a resource-based policy'
const invalidSignature = (message: RegExp) => atBoth({ status: 403, errorType: 'InvalidSignatureException', message })

export const rejectionCases: readonly RejectionCase[] = [
  {
    name: 'unsigned',
    prepare: async ({ stack, relays }) => ({
      ...(await ownCredentials(stack, 'reporting')),
      endpoint: relays.unsigning,
    }),
    ...atBoth({
      status: 403,
      errorType: 'MissingAuthenticationTokenException',
      message: /Missing Authentication Token/,
    }),
  },
  {
    name: 'wrong secret',
    prepare: async ({ stack }) => ({ ...(await withCallerRole(stack, 'analytics')), secretOverride: 'x'.repeat(40) }),
    ...invalidSignature(mismatch),
  },
  {
    name: 'body changed after signing',
    prepare: async ({ stack, relays }) => ({
      ...(await withCallerRole(stack, 'analytics')),
      endpoint: relays.changing,
    }),
    ...invalidSignature(mismatch),
  },
  {
    name: 'clock six minutes off',
    prepare: async ({ clockAhead }) => ({
      ...(await ownCredentials(clockAhead, 'reporting')),
      endpoint: clockAhead.url,
    }),
    ...invalidSignature(/Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)/),
  },
  {
    name: 'wrong region',
    prepare: async ({ stack }) => ({ ...(await ownCredentials(stack, 'reporting')), region: 'us-east-1' }),
    ...invalidSignature(/Credential should be scoped to a valid region, not 'us-east-1'\./),
  },
  {
    name: 'wrong service',
    prepare: async ({ stack }) => ({ ...(await ownCredentials(stack, 'reporting')), service: 'lambda' }),
    atApi: {
      status: 403,
      errorType: 'InvalidSignatureException',
      message: /Credential should be scoped to correct service: 'execute-api'\./,
    },
  },
  {
    name: 'expired session',
    prepare: ({ stack }) => ownCredentials(stack, 'expired'),
    ...atBoth({
      status: 403,
      errorType: 'ExpiredTokenException',
      message: /The security token included in the request is expired/,
    }),
  },
  {
    name: 'unknown key',
    prepare: async () => ({ keys: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) } }),
    ...atBoth({
      status: 403,
      errorType: 'UnrecognizedClientException',
      message: /The security token included in the request is invalid/,
    }),
  },
  {
    name: 'wrong external id',
    prepare: async ({ stack }) => {
      const { keys, callerRole } = await withCallerRole(stack, 'snowflake')
      return { keys, callerRole: { roleArn: callerRole?.roleArn ?? '', externalId: 'ABC12345_SFCRole=3_another=' } }
    },
    ...atBoth(assumeRoleDenied('999999999999:user/abcd-s-example')),
  },
  {
    name: 'no external id',
    prepare: async ({ stack }) => {
      const { keys, callerRole } = await withCallerRole(stack, 'snowflake')
      return { keys, callerRole: { roleArn: callerRole?.roleArn ?? '' } }
    },
    ...atBoth(assumeRoleDenied('999999999999:user/abcd-s-example')),
  },
  {
    name: 'role not in the trust',
    prepare: async ({ stack }) => {
      const { callerRole } = await withCallerRole(stack, 'analytics')
      return { ...(await ownCredentials(stack, 'reporting')), callerRole: { roleArn: callerRole?.roleArn ?? '' } }
    },
    ...atBoth(assumeRoleDenied('444444444444:assumed-role/ReportingRole/reporting')),
  },
  {
    name: 'session of another role',
    prepare: ({ stack }) => ownCredentials(stack, 'analytics'),
    atApi: {
      status: 403,
      errorType: 'AccessDeniedException',
      message: denied('222222222222:assumed-role/LambdaRoleDeve/analytics', 'execute-api:Invoke', explicitDeny),
    },
    atLambda: {
      status: 403,
      errorType: 'AccessDeniedException',
      message: denied('222222222222:assumed-role/LambdaRoleDeve/analytics', 'lambda:InvokeFunction', noFunctionPolicy),
    },
  },
  {
    name: 'route not allowed',
    prepare: ({ stack }) => withCallerRole(stack, 'reader'),
    atApi: {
      status: 403,
      errorType: 'AccessDeniedException',
      message: denied(
        '\\d+:assumed-role/snowgate-dev-reader/\\w+',
        'execute-api:Invoke',
        ' because no identity-based policy allows the execute-api:Invoke action',
      ),
    },
    atLambda: {
      status: 403,
      errorType: 'AccessDeniedException',
      message: denied(
        '\\d+:assumed-role/snowgate-dev-reader/\\w+',
        'lambda:InvokeFunction',
        ' because no identity-based policy allows the lambda:InvokeFunction action',
      ),
    },
  },
  {
    name: 'explicit deny',
    prepare: ({ stack }) => ownCredentials(stack, 'admin'),
    atApi: {
      status: 403,
      errorType: 'AccessDeniedException',
      message: denied('111111111111:user/admin', 'execute-api:Invoke', explicitDeny),
    },
  },
  {
    name: 'unknown route',
    prepare: async ({ stack }) => ({
      ...(await withCallerRole(stack, 'analytics')),
      path: '/dev/nothing',
      functionName: 'snowgate-dev-nothing',
    }),
    atApi: {
      status: 403,
      errorType: 'MissingAuthenticationTokenException',
      message: /Missing Authentication Token/,
    },
    // A caller without permission does not learn that the function does not exist.
    atLambda: {
      status: 403,
      errorType: 'AccessDeniedException',
      message: denied(
        '\\d+:assumed-role/snowgate-dev-analytics/\\w+',
        'lambda:InvokeFunction',
        ' because no identity-based policy allows the lambda:InvokeFunction action',
      ),
    },
  },
  {
    name: 'stranger',
    prepare: ({ stack }) => ownCredentials(stack, 'stranger'),
    atApi: {
      status: 403,
      errorType: 'AccessDeniedException',
      message: denied('666666666666:user/stranger', 'execute-api:Invoke', explicitDeny),
    },
    atLambda: {
      status: 403,
      errorType: 'AccessDeniedException',
      message: denied('666666666666:user/stranger', 'lambda:InvokeFunction', noFunctionPolicy),
    },
  },
]
