import { invoke } from '../../../functions/invoke/invoke.ts'
import { createTargetResolver, type ResolveHostname } from '../../../functions/invoke/resolve-target.ts'
import { createSender } from '../../../functions/invoke/send-to-target.ts'
import type { SessionIdentity } from '../../../functions/invoke/session-identity.ts'
import { parseTargets, serializeTargets, type Target } from '../../../shared/access/targets/index.ts'
import type { AwsCredentials } from '../../../shared/aws/aws-api-client.ts'
import { createRequestSigner } from '../../../shared/aws/sign-request.ts'
import { toServiceError } from '../../../shared/errors/service-error.ts'
import type { RequestContext } from '../../../shared/http/index.ts'

/** Every secret contains this, so that one search finds any of them. */
export const plantedSecret = 'PLANTEDSECRET'

export const credentials = {
  accessKeyId: 'ASIAEXAMPLE000000001',
  secretAccessKey: `${plantedSecret}key/wJalrXUtnFEMI+${plantedSecret}/bPxRfiCYEXAMPLEKEY`,
  sessionToken: `IQoJb3JpZ2luX2VjE${plantedSecret}/${plantedSecret}+${plantedSecret}token==`,
} satisfies AwsCredentials

export const caller = 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/nightly'

const requestContext: RequestContext = { callerArn: caller, remainingMilliseconds: () => 10_000 }

/** The handler with the real network; counts DNS lookups, credentials and signatures. */
export const createInvokeHarness = (
  targets: Readonly<Record<string, Target>>,
  { resolve = async () => [{ address: '127.0.0.1', family: 4 }] }: { readonly resolve?: ResolveHostname } = {},
) => {
  const counted = { resolved: 0, signatures: 0, logins: [] as SessionIdentity[] }
  const handle = invoke({
    targets: parseTargets(serializeTargets(new Map(Object.entries(targets)))),
    resolveTarget: createTargetResolver((hostname) => {
      counted.resolved++
      return resolve(hostname)
    }, Date.now),
    credentialsFor: async (_, name) => {
      counted.logins.push(name)
      return credentials
    },
    sign: (target, keys, request) => {
      counted.signatures++
      return createRequestSigner(target, keys).sign(request, new Date())
    },
    send: createSender(Date.now),
  })
  return {
    counted,
    call: async (input: unknown, overrides: Partial<RequestContext> = {}) =>
      (await handle(input, { ...requestContext, ...overrides })) as {
        status: number
        headers: Record<string, string>
        body: unknown
        isBase64Encoded?: true
      },
    /** The error of a rejected input. */
    rejection: async (input: unknown, overrides: Partial<RequestContext> = {}) => {
      try {
        await handle(input, { ...requestContext, ...overrides })
      } catch (error) {
        const { code, status, message, cause } = toServiceError(error)
        return { code, status, message, cause }
      }
      throw new Error('the input was not rejected')
    },
  }
}

export const target = (url: string, more: Partial<Target> = {}): Target => ({
  url,
  service: 'neptune-db',
  region: 'ap-northeast-1',
  allow: ['GET /status', 'POST /openCypher'],
  ...(url.startsWith('http:') && { allowPrivate: true as const }),
  ...more,
})
