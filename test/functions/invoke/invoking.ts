import { createAddresses, type Resolve } from '../../../functions/invoke/addresses.ts'
import type { CallerName } from '../../../functions/invoke/caller-name.ts'
import { invoke } from '../../../functions/invoke/invoke.ts'
import { createSender } from '../../../functions/invoke/send.ts'
import { toServiceError } from '../../../shared/errors/index.ts'
import type { Circumstances } from '../../../shared/http/index.ts'
import { type Credentials, requestSigner } from '../../../shared/signing/index.ts'
import { readTargets, type Target, writeTargets } from '../../../shared/targets/index.ts'

/** Every secret is made of this, so that one search finds any of it. */
export const planted = 'PLANTEDSECRET'

export const credentials = {
  accessKeyId: 'ASIAEXAMPLE000000001',
  secretAccessKey: `${planted}key/wJalrXUtnFEMI+${planted}/bPxRfiCYEXAMPLEKEY`,
  sessionToken: `IQoJb3JpZ2luX2VjE${planted}/${planted}+${planted}token==`,
} satisfies Credentials

export const caller = 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/nightly'

const circumstances: Circumstances = { callerArn: caller, remainingMilliseconds: () => 10_000 }

/** The story with the real network, and with what it did counted: names resolved, logins asked for, signatures made. */
export const invoking = (
  targets: Readonly<Record<string, Target>>,
  { resolve = async () => [{ address: '127.0.0.1', family: 4 }] }: { readonly resolve?: Resolve } = {},
) => {
  const counted = { resolved: 0, signatures: 0, logins: [] as CallerName[] }
  const story = invoke({
    targets: readTargets(writeTargets(new Map(Object.entries(targets)))),
    addressesOf: createAddresses((hostname) => {
      counted.resolved++
      return resolve(hostname)
    }, Date.now),
    credentialsFor: async (_, name) => {
      counted.logins.push(name)
      return credentials
    },
    sign: (target, keys, request) => {
      counted.signatures++
      return requestSigner(target, keys).sign(request, new Date())
    },
    send: createSender(Date.now),
  })
  return {
    counted,
    call: async (input: unknown, about: Partial<Circumstances> = {}) =>
      (await story(input, { ...circumstances, ...about })) as {
        status: number
        headers: Record<string, string>
        body: unknown
        isBase64Encoded?: true
      },
    /** What it is refused with. */
    refusal: async (input: unknown, about: Partial<Circumstances> = {}) => {
      try {
        await story(input, { ...circumstances, ...about })
      } catch (error) {
        const { code, status, message, cause } = toServiceError(error)
        return { code, status, message, cause }
      }
      throw new Error('it was not refused')
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
