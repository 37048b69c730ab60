/** What usually is behind the words with which CloudFormation ends a deployment, or osls. */
const hints: readonly (readonly [words: RegExp, hint: string])[] = [
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

/** For the end of a failed deployment; what osls said has been shown. */
export const hintsFor = (said: string): string => {
  const found = hints.filter(([words]) => words.test(said)).map(([, hint]) => hint)
  return found.length > 0 ? found.join('\n') : 'See the output of osls and CloudFormation above.'
}
