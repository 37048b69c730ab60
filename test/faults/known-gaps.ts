import type { FaultName } from '../../local/faults/index.ts'

interface KnownGap {
  /** What does not work yet: that the doctor names the fault and nothing else, or that what it prints fixes the fault. */
  readonly part: 'named' | 'fixed'
  readonly reason: string
}

const textOnly: KnownGap = { part: 'fixed', reason: 'the fix is words, and no command' }
const awsCli: KnownGap = { part: 'fixed', reason: 'the fix takes the AWS CLI and a file that only its owner has' }
const targets: KnownGap = { part: 'named', reason: 'the doctor does not check targets' }

/** Faults of which a part is not tested, since it is known not to work. */
export const knownGaps: ReadonlyMap<FaultName, KnownGap> = new Map<FaultName, KnownGap>([
  ['map-invalid', { part: 'fixed', reason: 'for programs the fix does not say what to write' }],
  ['authentication-policy', { part: 'fixed', reason: 'the statement of the fix has placeholders' }],
  ['rows-malformed', textOnly],
  ['parameter-key-denied', textOnly],
  ['parameter-key-disabled', { part: 'fixed', reason: 'the local stack has no KMS to enable a key with' }],
  ['private-key-damaged', awsCli],
  ['private-key-newlines-lost', awsCli],
  ['passphrase-wrong', awsCli],
  ['target-role-denied', targets],
  ['source-identity-denied', targets],
  ['target-call-denied', targets],
  ['aws-unreachable', targets],
])
