import type { FaultName } from '../../local/faults/index.ts'

const callsFail = 'the calls fail as well, and are reported beside it'
const words = 'what mends it is words, and not what is to be typed'
const awsCli = 'it is mended with the AWS CLI and a file that only its owner has'
const targets = 'the doctor does not look at targets'

/** Faults that the doctor does not name yet, or not alone, or whose mend does not do as it is printed; and why. */
export const unfinished: ReadonlyMap<FaultName, string> = new Map<FaultName, string>([
  ['map-invalid', 'for programs it does not say what to write'],
  ['door-shut', 'for programs it does not say what to write'],
  ['external-id-missing', 'it is called external-id-wrong'],
  ['invoke-not-granted', 'it is called route-not-granted'],
  ['endpoint-edge', callsFail],
  ['policy-not-deployed', callsFail],
  ['policy-missing', callsFail],
  ['route-missing', callsFail],
  ['method-without-iam', callsFail],
  ['api-key-required', callsFail],
  ['function-throttled', 'the refusal of Lambda has no name'],
  ['integration-timeout', 'nobody looks at it'],
  ['api-throttled', 'a call in SQL is tried again for as long as Snowflake does'],
  ['network-policy', 'a sentence stands behind the statement'],
  ['authentication-policy', 'the statement has placeholders'],
  ['account-identifier-wrong', words],
  ['snowflake-unreachable', words],
  ['web-identity-denied', words],
  ['rows-malformed', words],
  ['parameter-denied', 'the doctor does not name it'],
  ['parameter-key-denied', 'the doctor does not name it'],
  ['parameter-key-disabled', 'there is no KMS here to enable a key with'],
  ['private-key-damaged', awsCli],
  ['private-key-newlines-lost', awsCli],
  ['passphrase-wrong', awsCli],
  ['user-name-not-login-name', 'it is called key-rotated'],
  ['target-role-denied', targets],
  ['source-identity-denied', targets],
  ['target-call-denied', targets],
  ['aws-unreachable', targets],
  ['aws-throttled', 'the doctor does not name it'],
])
