import { CommandFailure, exitCodes } from '../command-failure.ts'

/** The usual fix by error name. Names: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const awsErrorFixes: readonly (readonly [name: RegExp, remedy: string])[] = [
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

/** @param action for example `cloudformation:DescribeStacks` */
export const awsCommandFailure = (error: unknown, action: string): CommandFailure => {
  if (error instanceof CommandFailure) return error
  if (!(error instanceof Error)) return new CommandFailure(`${action} failed: ${error}`)
  const code = 'code' in error ? String(error.code) : ''
  const [, remedy] = awsErrorFixes.find(([name]) => name.test(error.name) || name.test(code)) ?? []
  const isRejection = /^AccessDenied/.test(error.name)
  return new CommandFailure(`${action} failed. ${error.name}: ${error.message || code}`, {
    ...(remedy !== undefined && { remedy }),
    ...(isRejection && { exitCode: exitCodes.rejected }),
  })
}

/** What usually is behind the words with which CloudFormation ends a deployment, or osls. */
const deploymentErrorHints: readonly (readonly [words: RegExp, hint: string])[] = [
  [
    /Invalid principal in policy/i,
    'A role or user in the access map does not exist, and IAM accepts only existing principals in a trust policy. Correct its ARN, or create it first.',
  ],
  [
    /already exists/i,
    'A resource of that name exists outside this stack, or in a stack of another region (role names are unique in an account). Remove the resource or the other stack.',
  ],
  [
    /is not authorized to perform|AccessDenied/i,
    'The credentials lack permissions for a deployment. docs/deploy.md lists them.',
  ],
  [
    /Invalid policy document/i,
    'API Gateway rejects the resource policy. Check that the account of every direct caller exists.',
  ],
  [/security token included in the request is (expired|invalid)/i, 'The session has expired. Get new credentials.'],
  [
    /(UnreservedConcurrentExecution|LimitExceeded|TooManyRequests|Rate exceeded|quota)/i,
    'The account has reached a limit. Check AWS Service Quotas.',
  ],
]

/** Printed at the end of a failed deployment, after the output of osls. */
export const hintsForDeploymentError = (oslsOutput: string): string => {
  const found = deploymentErrorHints.filter(([words]) => words.test(oslsOutput)).map(([, hint]) => hint)
  return found.length > 0 ? found.join('\n') : 'See the output of osls and CloudFormation above.'
}
