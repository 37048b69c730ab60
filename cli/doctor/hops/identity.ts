import type { CallerIdentity } from '../aws/index.ts'
import { CannotTell, command, edit, type Finding, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import type { Order, Patient } from '../patient.ts'
import { takeAgain } from './credentials.ts'

/** Milliseconds by which a clock may be off at API Gateway, Lambda and SSM. STS alone bears more. */
const windowOfAws = 300_000

/** STS knows whose the keys are, and the clocks agree. */
export const identity: Hop = {
  id: 'identity',
  title: 'AWS identity',
  needs: ['credentials'],
  check: async (patient) => {
    const answer = await patient.callerIdentity()
    const off = Math.round((answer.clockAhead ?? 0) / 1_000)
    if (Math.abs(off) * 1_000 > windowOfAws) return skewed(off)
    if (answer.identity) {
      const { arn, accountId } = answer.identity
      return passed(`${arn}, account ${accountId}`, ...(Math.abs(off) > 1 ? [`clock is ${ahead(off)}`] : []))
    }
    return refused(answer, patient)
  },
}

const ahead = (seconds: number) => `${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead'}`

const skewed = (seconds: number) =>
  failed('clock-skewed', {
    evidence: [`Clock is ${ahead(seconds)} (limit ${windowOfAws / 1_000} s)`],
    mend: [command('sudo timedatectl set-ntp true')],
  })

const refused = async ({ refusal }: CallerIdentity, patient: Patient): Promise<Finding> => {
  const { code = '', message = '', status } = refusal ?? {}
  const { region } = await patient.account()
  const evidence = [`STS in ${region} returned ${code}: ${message}`]
  const { order } = patient
  if (status === undefined) return unreachable(region, order, evidence)
  if (/^ExpiredToken/.test(code))
    return failed('session-expired', { evidence, mend: [takeAgain('session-expired', order)] })
  if (code === 'InvalidClientTokenId' || code === 'RegionDisabledException') {
    // A session of the global endpoint is unknown where a region has to be opted into; STS may be switched off there.
    const elsewhere = order.world.kind === 'aws' ? await patient.callerIdentity('us-east-1') : undefined
    if (elsewhere?.identity) return passed(`${elsewhere.identity.arn} (known to STS in us-east-1, not in ${region})`)
    return failed('credentials-unknown', { evidence, mend: [takeAgain('credentials-unknown', order)] })
  }
  if (/^Throttl/.test(code)) {
    return failed('aws-throttled', {
      evidence,
      mend: [edit('Wait a few minutes and run the check again.')],
    })
  }
  if (code === 'SignatureDoesNotMatch') {
    if (/scoped to a valid region/.test(message)) {
      return failed('region-wrong', { evidence, mend: [command(`npx snowgate doctor --aws --stage ${order.stage}`)] })
    }
    return failed('secret-wrong', { evidence, mend: [takeAgain('secret-wrong', order)] })
  }
  throw new CannotTell(evidence.join(''))
}

const unreachable = (region: string, { world, stage }: Order, evidence: readonly string[]) =>
  world.kind === 'local'
    ? failed('stack-not-running', { evidence, mend: [command(`npx snowgate start --stage ${stage}`)] })
    : failed('aws-unreachable', { evidence, mend: [command(`curl -sSv https://sts.${region}.amazonaws.com`)] })
