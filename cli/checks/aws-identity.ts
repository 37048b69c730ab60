import type { CauseId } from '../../shared/diagnoses/index.ts'
import type { CallerIdentity } from '../aws/caller-identity.ts'
import { findCredentialsFault } from '../aws/pasted-credentials.ts'
import { CommandFailure, InconclusiveError } from '../command-failure.ts'
import type { Check } from './check.ts'
import type { DoctorContext, DoctorOptions } from './doctor-context.ts'
import { command, edit, type Finding, type FixStep, failed, passed } from './finding.ts'
import { mapFlag, startStackFix, useAdminFix } from './fixes.ts'

/** There are keys to look with, and they look like keys. */
export const credentialsCheck: Check = {
  id: 'credentials',
  title: 'credentials',
  needs: [],
  inspect: async ({ account, options }) => {
    try {
      const { keys } = await account()
      const fault = findCredentialsFault(keys, new Date())
      if (!fault) return passed(`access key ${keys.accessKeyId}`)
      const { cause, message, remedy } = fault
      return failed(cause, { evidence: [message, remedy], fixes: [renewCredentials(cause, options)] })
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      return noCredentials(options, error.message.split('\n'))
    }
  },
}

const profileFlag = ({ backend }: DoctorOptions, otherwise?: string) => {
  const profile = backend.kind === 'aws' ? (backend.profile ?? otherwise) : undefined
  return profile === undefined ? '' : ` --profile ${profile}`
}

const noCredentials = (options: DoctorOptions, evidence: readonly string[]) =>
  options.backend.kind === 'local'
    ? failed('stack-not-running', { evidence, fixes: [startStackFix(options.stage, options.backend)] })
    : failed('credentials-missing', { evidence, fixes: [command(`aws sso login${profileFlag(options, '<profile>')}`)] })

/** What sets all three values of a session at once. */
const renewCredentials = (cause: CauseId, options: DoctorOptions): FixStep => {
  if (options.backend.kind === 'local') return useAdminFix(options.backend)
  if (cause === 'session-token-foreign') return command('unset AWS_SESSION_TOKEN')
  if (cause === 'session-expired') return command(`aws sso login${profileFlag(options, '<profile>')}`)
  return command(`eval "$(aws configure export-credentials --format env${profileFlag(options, '<profile>')})"`)
}

/** The limit of API Gateway, Lambda and SSM in milliseconds. Only STS allows more. */
const maxClockSkewMs = 300_000

/** STS accepts the keys, and the clock is right. */
export const identityCheck: Check = {
  id: 'identity',
  title: 'AWS identity',
  needs: ['credentials'],
  inspect: async (context) => {
    const answer = await context.callerIdentity()
    const off = Math.round((answer.clockAheadMs ?? 0) / 1_000)
    if (Math.abs(off) * 1_000 > maxClockSkewMs) return clockSkewed(off)
    if (answer.identity) {
      const { arn, accountId } = answer.identity
      return passed(`${arn}, account ${accountId}`, ...(Math.abs(off) > 1 ? [`clock is ${clockOffsetText(off)}`] : []))
    }
    return rejectedIdentity(answer, context)
  },
}

const clockOffsetText = (seconds: number) => `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead'}`

const clockSkewed = (seconds: number) =>
  failed('clock-skewed', {
    evidence: [`Clock is ${clockOffsetText(seconds)} (limit ${maxClockSkewMs / 1_000} s)`],
    fixes: [command('sudo timedatectl set-ntp true')],
  })

const rejectedIdentity = async ({ rejection }: CallerIdentity, context: DoctorContext): Promise<Finding> => {
  const { code = '', message = '', status } = rejection ?? {}
  const { region } = await context.account()
  const evidence = [`STS in ${region} returned ${code}: ${message}`]
  const { options } = context
  if (status === undefined) return awsUnreachable(region, options, evidence)
  if (/^ExpiredToken/.test(code))
    return failed('session-expired', { evidence, fixes: [renewCredentials('session-expired', options)] })
  if (code === 'InvalidClientTokenId' || code === 'RegionDisabledException') {
    // A session of the global endpoint is unknown where a region has to be opted into; STS may be switched off there.
    const elsewhere = options.backend.kind === 'aws' ? await context.callerIdentity('us-east-1') : undefined
    if (elsewhere?.identity) return passed(`${elsewhere.identity.arn} (known to STS in us-east-1, not in ${region})`)
    return failed('credentials-unknown', { evidence, fixes: [renewCredentials('credentials-unknown', options)] })
  }
  if (/^Throttl/.test(code)) {
    return failed('aws-throttled', {
      evidence,
      fixes: [edit('Wait a few minutes and run the check again.')],
    })
  }
  if (code === 'SignatureDoesNotMatch') {
    if (/scoped to a valid region/.test(message)) {
      return failed('region-wrong', {
        evidence,
        fixes: [
          command(
            `npx snowgate doctor --aws --stage ${options.stage}${mapFlag(context.mapName)}${profileFlag(options)}`,
          ),
        ],
      })
    }
    return failed('secret-wrong', { evidence, fixes: [renewCredentials('secret-wrong', options)] })
  }
  throw new InconclusiveError(evidence.join(''))
}

const awsUnreachable = (region: string, { backend, stage }: DoctorOptions, evidence: readonly string[]) =>
  backend.kind === 'local'
    ? failed('stack-not-running', { evidence, fixes: [startStackFix(stage, backend)] })
    : failed('aws-unreachable', { evidence, fixes: [command(`curl -sSv https://sts.${region}.amazonaws.com`)] })

/** STS answers in the region of the service, where callers and functions call it. */
export const stsRegionCheck: Check = {
  id: 'sts-region',
  title: 'STS in the region',
  needs: ['identity'],
  inspect: async ({ account, callerIdentity, location }) => {
    const { region } = await account()
    const { identity, rejection } = await callerIdentity()
    if (identity) return passed(`available in ${region}`)
    const { accountId } = await location()
    return failed('sts-region-disabled', {
      evidence: [`us-east-1 accepts the keys; ${region} returned ${rejection?.code}: ${rejection?.message}`],
      fixes: [
        command(`aws account enable-region --region-name ${region} --account-id ${accountId}`),
        command(`export AWS_STS_REGIONAL_ENDPOINTS=regional AWS_REGION=${region}`),
      ],
    })
  },
}
