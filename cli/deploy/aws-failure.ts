import { CommandFailure } from '../command-failure.ts'
import { exitCodes } from '../exit-codes.ts'

/** What people who got an error of this name needed to know. Names: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const remedies: readonly (readonly [name: RegExp, remedy: string])[] = [
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    'Log in (aws sso login), pass --profile <name>, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ],
  [/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/, 'The session has expired. Get new credentials.'],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|IncompleteSignature|AuthFailure)$/,
    'AWS does not know these keys, or the three values do not belong together. Get new credentials.',
  ],
  [
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/,
    'docs/deploy.md lists the permissions a deployment needs.',
  ],
  [
    /^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|TimeoutError)$/,
    'Check the region, and AWS_ENDPOINT_URL if it is set.',
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
