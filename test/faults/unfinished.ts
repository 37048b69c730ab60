import type { FaultName } from '../../local/faults/index.ts'

const words = 'what mends it is words, and not what is to be typed'
const awsCli = 'it is mended with the AWS CLI and a file that only its owner has'
const targets = 'the doctor does not look at targets'

/** Faults that the doctor does not name yet, or not alone, or whose mend does not do as it is printed; and why. */
export const unfinished: ReadonlyMap<FaultName, string> = new Map<FaultName, string>([
  ['map-invalid', 'for programs it does not say what to write'],
  ['authentication-policy', 'the statement has placeholders'],
  ['rows-malformed', words],
  ['parameter-key-denied', words],
  ['parameter-key-disabled', 'there is no KMS here to enable a key with'],
  ['private-key-damaged', awsCli],
  ['private-key-newlines-lost', awsCli],
  ['passphrase-wrong', awsCli],
  ['target-role-denied', targets],
  ['source-identity-denied', targets],
  ['target-call-denied', targets],
  ['aws-unreachable', targets],
])
