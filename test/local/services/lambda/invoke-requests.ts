import type { WireRequest } from '../../../../local/http.ts'
import { evaluate, type NamedPolicy, type Principal } from '../../../../local/iam/index.ts'
import { createInvokeApi, type Invocation, type InvocationResult } from '../../../../local/services/lambda/index.ts'

export const wireRequest = ({
  headers = {},
  ...given
}: Partial<WireRequest> & { readonly headers?: Readonly<Record<string, string>> }): WireRequest => ({
  method: 'POST',
  target: '/',
  rawHeaders: Object.entries({ Host: 'lambda.eu-central-1.amazonaws.com', ...headers }).flat(),
  body: Buffer.from('{"name":"Alice"}'),
  sourceIp: '127.0.0.1',
  ...given,
})

export const principal = ({
  accountId = '111111111111',
  identityPolicies = [],
}: Partial<Pick<Principal, 'accountId' | 'identityPolicies'>>): Principal => ({
  type: 'AssumedRole',
  accountId,
  arn: `arn:aws:sts::${accountId}:assumed-role/Caller/session`,
  principalArn: `arn:aws:iam::${accountId}:role/path/Caller`,
  userId: 'AROAEXAMPLE:session',
  identityPolicies,
})

/** The API over a runner that answers always the same, and what was asked of it. */
export const invokeApi = ({
  result,
  policy,
}: {
  readonly result: InvocationResult | Error
  readonly policy?: NamedPolicy
}) => {
  const invocations: [string, Invocation][] = []
  const api = createInvokeApi({
    functions: ['snowgate-dev-hello', 'snowgate-dev-invoke'].map((name) => ({
      name,
      arn: `arn:aws:lambda:eu-central-1:111111111111:function:${name}`,
    })),
    region: 'eu-central-1',
    accountId: '111111111111',
    policyOf: () => policy,
    runner: {
      invoke: async (functionName, invocation) => {
        invocations.push([functionName, invocation])
        if (result instanceof Error) throw result
        return result
      },
    },
    evaluate,
    newRequestId: () => 'aaaaaaaa-0000-4000-8000-000000000001',
    newTraceId: () => 'Root=1-test',
    context: ({ sourceIp }) => ({ 'aws:SourceIp': sourceIp }),
  })
  return { api, invocations }
}
