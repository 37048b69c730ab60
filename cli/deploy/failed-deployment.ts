/** What usually is behind the words with which CloudFormation ends a deployment, or osls. */
const hints: readonly (readonly [words: RegExp, hint: string])[] = [
  [
    /Invalid principal in policy/i,
    'A role or user that the map names does not exist (any more): IAM takes only those that do into a trust policy. Correct its ARN in the map, or create it first.',
  ],
  [
    /already exists/i,
    'Something of that name is there already and belongs to no stack, or to that of another region: roles are named once in an account. Remove it, or the other stack.',
  ],
  [
    /is not authorized to perform|AccessDenied/i,
    'The credentials may not do what a deployment does: docs/deploy.md lists it all.',
  ],
  [/Invalid policy document/i, 'API Gateway refuses its policy: does every account that direct callers are in exist?'],
  [/security token included in the request is (expired|invalid)/i, 'The session is over: take new credentials.'],
  [
    /(UnreservedConcurrentExecution|LimitExceeded|TooManyRequests|Rate exceeded|quota)/i,
    'A limit of the account is reached; AWS shows and raises them under Service Quotas.',
  ],
]

/** For the end of a failed deployment; what osls said has been shown. */
export const hintsFor = (said: string): string => {
  const found = hints.filter(([words]) => words.test(said)).map(([, hint]) => hint)
  return found.length > 0 ? found.join('\n') : 'What osls and CloudFormation say about it stands above.'
}
