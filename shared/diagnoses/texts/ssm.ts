import type { SystemTexts } from '../error-text.ts'

const api = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html'

export const ssmTexts: SystemTexts = {
  system: 'SSM',
  texts: [
    {
      codes: ['ParameterNotFound'],
      means: 'The parameter does not exist in this account and region.',
      causes: ['parameter-missing'],
      source: api,
    },
    {
      says: [
        'Systems Manager could not find version <number> of <parameter>.',
        'Systems Manager could not find version',
      ],
      codes: ['ParameterVersionNotFound'],
      means: 'The parameter has no such version.',
      causes: ['parameter-name-wrong'],
      source: api,
    },
    {
      says: ["at 'name' failed to satisfy constraint"],
      means: 'The parameter name is invalid.',
      causes: ['parameter-name-wrong'],
      source: api,
    },
    {
      says: [
        'User: <who> is not authorized to perform: ssm:GetParameter on resource: arn:<partition>:ssm:<region>:<owner>:parameter/<parameter>',
        'User: <who> is not authorized to perform: ssm:GetParameters on resource: arn:<partition>:ssm:<region>:<owner>:parameter/<parameter>',
        'is not authorized to perform: ssm:GetParameter',
        'is not authorized to perform: ssm:GetParameters',
      ],
      means: 'The role is not allowed to read the parameter.',
      causes: ['parameter-denied', 'parameter-missing'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
    },
    {
      says: ['The ciphertext refers to a customer master key that does not exist'],
      means: 'The role is allowed to read the parameter, and KMS does not decrypt it for this role.',
      causes: ['parameter-key-denied', 'parameter-key-disabled'],
      source: 'https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html',
    },
    {
      codes: ['InvalidKeyId'],
      means: 'The parameter’s KMS key does not exist or is disabled.',
      causes: ['parameter-key-disabled', 'parameter-key-denied'],
      source: api,
    },
  ],
}
