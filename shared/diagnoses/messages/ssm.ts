import type { SystemMessages } from '../known-message.ts'

const api = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html'

export const ssmMessages: SystemMessages = {
  system: 'SSM',
  messages: [
    {
      codes: ['ParameterNotFound'],
      summary: 'The parameter does not exist in this account and region.',
      causes: ['parameter-missing'],
      source: api,
    },
    {
      phrases: [
        'Systems Manager could not find version <number> of <parameter>.',
        'Systems Manager could not find version',
      ],
      codes: ['ParameterVersionNotFound'],
      summary: 'The parameter has no such version.',
      causes: ['parameter-name-wrong'],
      source: api,
    },
    {
      phrases: ["at 'name' failed to satisfy constraint"],
      summary: 'The parameter name is invalid.',
      causes: ['parameter-name-wrong'],
      source: api,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: ssm:GetParameter on resource: arn:<partition>:ssm:<region>:<owner>:parameter/<parameter>',
        'User: <who> is not authorized to perform: ssm:GetParameters on resource: arn:<partition>:ssm:<region>:<owner>:parameter/<parameter>',
        'is not authorized to perform: ssm:GetParameter',
        'is not authorized to perform: ssm:GetParameters',
      ],
      summary: 'The role is not allowed to read the parameter.',
      causes: ['parameter-denied', 'parameter-missing'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
    },
    {
      phrases: ['The ciphertext refers to a customer master key that does not exist'],
      summary: 'The role is allowed to read the parameter, and KMS does not decrypt it for this role.',
      causes: ['parameter-key-denied', 'parameter-key-disabled'],
      source: 'https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html',
    },
    {
      codes: ['InvalidKeyId'],
      summary: 'The parameter’s KMS key does not exist or is disabled.',
      causes: ['parameter-key-disabled', 'parameter-key-denied'],
      source: api,
    },
  ],
}
