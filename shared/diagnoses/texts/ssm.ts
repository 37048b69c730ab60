import type { SystemTexts } from '../error-text.ts'

const api = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html'

export const ssmTexts: SystemTexts = {
  system: 'SSM',
  texts: [
    {
      codes: ['ParameterNotFound'],
      means: 'There is no such parameter in this account and region.',
      causes: ['parameter-missing'],
      source: api,
    },
    {
      says: [
        'Systems Manager could not find version <number> of <parameter>.',
        'Systems Manager could not find version',
      ],
      codes: ['ParameterVersionNotFound'],
      means: 'The parameter is there and has no such version.',
      causes: ['parameter-name-wrong'],
      source: api,
    },
    {
      says: ["at 'name' failed to satisfy constraint"],
      means: 'Parameter Store does not take the name.',
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
      means: 'The role may not read the parameter.',
      causes: ['parameter-denied', 'parameter-missing'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
    },
    {
      says: ['The ciphertext refers to a customer master key that does not exist'],
      means: 'The parameter may be read, and KMS does not decrypt it for this role.',
      causes: ['parameter-key-denied', 'parameter-key-disabled'],
      source: 'https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html',
    },
    {
      codes: ['InvalidKeyId'],
      means: 'The key of the parameter is not there, or disabled.',
      causes: ['parameter-key-disabled', 'parameter-key-denied'],
      source: api,
    },
  ],
}
