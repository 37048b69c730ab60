import { CommandFailure, exitCodeOf } from '../command-failure.ts'
import { hintFor } from '../error-hint.ts'
import { nextParameterName } from './stored-pair.ts'

/** The parameters of the command, and their KMS key. */
export interface StoreNames {
  readonly privateKey: string
  readonly passphrase: string
  /** Absent: `aws/ssm`, which every principal of the account can use through Parameter Store. */
  readonly kmsKeyArn?: string
  readonly region: string
}

/** The rejection of Parameter Store, or the connection error; never with the value. */
export const parameterStoreFailure = (error: unknown, storeNames: StoreNames, value?: string): CommandFailure => {
  if (error instanceof CommandFailure) return error
  const { name, message, status } = partsOf(error)
  const [first = ''] = message.split('\n')
  const reasonText = value === undefined ? first : first.replaceAll(value, '…')
  if (status === undefined) {
    // The message of a JSON syntax error quotes the text.
    const reason = name === 'SyntaxError' ? 'the response is not JSON' : reasonText || name
    return new CommandFailure(`Cannot connect to Parameter Store in ${storeNames.region}: ${reason}`, {
      remedy: 'Check the region, the network, and AWS_ENDPOINT_URL (unset it after using the local stack).',
    })
  }
  const remedy = remedyFor(name, reasonText, storeNames)
  return new CommandFailure(`Parameter Store rejected the request. ${name}: ${reasonText}`, {
    exitCode: exitCodeOf(status),
    ...(remedy !== undefined && { remedy }),
  })
}

/** An SDK error has the status of the response, if there was one. */
const partsOf = (thrown: unknown) => {
  const { name, message, code, $fault, $metadata } = recordOf(thrown)
  const { httpStatusCode } = recordOf($metadata)
  const isAnswer = typeof httpStatusCode === 'number' && $fault !== undefined
  return { name: String(name), message: String(message || code || ''), status: isAnswer ? httpStatusCode : undefined }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const remedyFor = (name: string, reasonText: string, storeNames: StoreNames): string | undefined => {
  if (name === 'InvalidKeyId') return 'Check that kmsKeyArn in access.yml is an enabled key in this region.'
  if (name === 'AccessDeniedException') {
    return `The credentials need these permissions:\n${JSON.stringify(statementsFor(reasonText, storeNames), null, 2)}`
  }
  return hintFor(reasonText)
}

/** All permissions of the command, so that one error is enough to grant them. */
const statementsFor = (reasonText: string, { privateKey, passphrase, kmsKeyArn, region }: StoreNames) => {
  const [, arnPrefix = `arn:aws:ssm:${region}:<account>:`] = /(arn:[\w-]+:ssm:[\w-]+:\d{12}:)/.exec(reasonText) ?? []
  const arnOf = (name: string) => `${arnPrefix}parameter${name}`
  const next = nextParameterName(privateKey)
  return [
    {
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:PutParameter'],
      Resource: [passphrase, privateKey, next].map(arnOf),
    },
    { Effect: 'Allow', Action: 'ssm:DeleteParameter', Resource: arnOf(next) },
    ...(kmsKeyArn === undefined
      ? []
      : [{ Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Decrypt'], Resource: kmsKeyArn }]),
  ]
}
