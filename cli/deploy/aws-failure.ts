import { CommandFailure } from '../command-failure.ts'
import { exitCodes } from '../exit-codes.ts'

/** What people who got an error of this name needed to know. Names: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const remedies: readonly (readonly [name: RegExp, remedy: string])[] = [
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    'Log in (aws sso login), give --profile <name>, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ],
  [/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/, 'The session is over: take new credentials.'],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|IncompleteSignature|AuthFailure)$/,
    'AWS does not know these keys, or one of the three values belongs to others: take new credentials.',
  ],
  [
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/,
    'docs/deploy.md lists what the credentials of a deployment must be allowed to do.',
  ],
  [
    /^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|TimeoutError)$/,
    'Is the region spelled right, and does AWS_ENDPOINT_URL, if it is set, lead to somebody?',
  ],
]

/** @param action what was asked: `cloudformation:DescribeStacks` */
export const awsFailure = (error: unknown, action: string): CommandFailure => {
  if (error instanceof CommandFailure) return error
  if (!(error instanceof Error)) return new CommandFailure(`${action} failed: ${error}`)
  const code = 'code' in error ? String(error.code) : ''
  const [, remedy] = remedies.find(([name]) => name.test(error.name) || name.test(code)) ?? []
  const isRefusal = /^AccessDenied/.test(error.name)
  return new CommandFailure(`${action} failed. ${error.name}: ${error.message || code}`, {
    ...(remedy !== undefined && { remedy }),
    ...(isRefusal && { exitCode: exitCodes.refused }),
  })
}
