import { CommandFailure } from '../command-failure.ts'
import { hintFor } from '../error-hint.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { nextOf } from './stored-pair.ts'

/** What the command needs of an account: the names of its parameters, and the key they lie under. */
export interface Asked {
  readonly privateKey: string
  readonly passphrase: string
  /** Absent: `aws/ssm`, which everybody of the account may use through Parameter Store. */
  readonly kmsKeyArn?: string
  readonly region: string
}

/** What Parameter Store refused, or why it was not reached; never with the value that was sent. */
export const storeFailure = (thrown: unknown, asked: Asked, value?: string): CommandFailure => {
  if (thrown instanceof CommandFailure) return thrown
  const { name, message, status } = partsOf(thrown)
  const [first = ''] = message.split('\n')
  const words = value === undefined ? first : first.replaceAll(value, '…')
  if (status === undefined) {
    // What is said of JSON that cannot be read quotes it.
    const why = name === 'SyntaxError' ? 'the response is not JSON' : words || name
    return new CommandFailure(`Cannot connect to Parameter Store in ${asked.region}: ${why}`, {
      remedy: 'Check the region, the network, and AWS_ENDPOINT_URL (unset it after using the local stack).',
    })
  }
  const remedy = remedyFor(name, words, asked)
  return new CommandFailure(`Parameter Store rejected the request. ${name}: ${words}`, {
    exitCode: exitCodeOf(status),
    ...(remedy !== undefined && { remedy }),
  })
}

/** An error of the SDK has the status of an answer, unless there was none. */
const partsOf = (thrown: unknown) => {
  const { name, message, code, $fault, $metadata } = recordOf(thrown)
  const { httpStatusCode } = recordOf($metadata)
  const isAnswer = typeof httpStatusCode === 'number' && $fault !== undefined
  return { name: String(name), message: String(message || code || ''), status: isAnswer ? httpStatusCode : undefined }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {})

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const remedyFor = (name: string, words: string, asked: Asked): string | undefined => {
  if (name === 'InvalidKeyId') return 'Check that kmsKeyArn in access.yml is an enabled key in this region.'
  if (name === 'AccessDeniedException') {
    return `The credentials need these permissions:\n${JSON.stringify(statementsFor(words, asked), null, 2)}`
  }
  return hintFor(words)
}

/** All that the command ever needs, so that nobody is led from refusal to refusal. */
const statementsFor = (words: string, { privateKey, passphrase, kmsKeyArn, region }: Asked) => {
  const [, place = `arn:aws:ssm:${region}:<account>:`] = /(arn:[\w-]+:ssm:[\w-]+:\d{12}:)/.exec(words) ?? []
  const arnOf = (name: string) => `${place}parameter${name}`
  const next = nextOf(privateKey)
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
