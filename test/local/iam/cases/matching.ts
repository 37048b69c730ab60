/** Whether a statement speaks of an action and a resource. */
export interface MatchingCase {
  readonly title: string
  /** Action and Resource, or their negations, of the statement. */
  readonly statement: Readonly<Record<string, string | readonly string[]>>
  readonly action: string
  readonly resource: string
  readonly matches: boolean
}

const api = 'arn:aws:execute-api:eu-central-1:111111111111:a1b2c3d4e5'
const invoke = { action: 'execute-api:Invoke', resource: `${api}/dev/GET/pets/a1b2` }
const onAll = (Action: string | readonly string[]) => ({ Action, Resource: '*' })
const invokeOn = (Resource: string | readonly string[]) => ({ Action: 'execute-api:Invoke', Resource })

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
const actions: readonly MatchingCase[] = [
  { title: 'an action matches itself', statement: onAll('execute-api:Invoke'), ...invoke, matches: true },
  { title: 'an action ignores case', statement: onAll('EXECUTE-api:invoke'), ...invoke, matches: true },
  {
    title: 'a request ignores the case of its action',
    statement: onAll('execute-api:Invoke'),
    ...invoke,
    action: 'Execute-Api:INVOKE',
    matches: true,
  },
  { title: 'a lone star is every action', statement: onAll('*'), ...invoke, matches: true },
  { title: 'a star may end an action', statement: onAll('execute-api:*'), ...invoke, matches: true },
  { title: 'a star may stand inside an action', statement: onAll('execute-api:I*e'), ...invoke, matches: true },
  { title: 'a star may be nothing', statement: onAll('execute-api:Invoke*'), ...invoke, matches: true },
  {
    title: 'a question mark is one character of an action',
    statement: onAll('execute-api:Invok?'),
    ...invoke,
    matches: true,
  },
  { title: 'a question mark is not nothing', statement: onAll('execute-api:Invoke?'), ...invoke, matches: false },
  { title: 'a star may stand in the service', statement: onAll('execute-*:Invoke'), ...invoke, matches: true },
  {
    title: 'an action of another service does not match',
    statement: onAll('lambda:Invoke'),
    ...invoke,
    matches: false,
  },
  {
    title: 'an action is not matched by its beginning',
    statement: onAll('execute-api:Inv'),
    ...invoke,
    matches: false,
  },
  {
    title: 'an unknown action never matches another',
    statement: onAll('execute-api:Fly'),
    ...invoke,
    matches: false,
  },
  {
    title: 'one action of a list is enough',
    statement: onAll(['s3:GetObject', 'execute-api:Invoke']),
    ...invoke,
    matches: true,
  },
  { title: 'an empty list of actions is no action', statement: onAll([]), ...invoke, matches: false },
  {
    title: 'NotAction is every other action',
    statement: { NotAction: 's3:*', Resource: '*' },
    ...invoke,
    matches: true,
  },
  {
    title: 'NotAction is not the action it names',
    statement: { NotAction: ['s3:*', 'execute-api:*'], Resource: '*' },
    ...invoke,
    matches: false,
  },
]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
const resources: readonly MatchingCase[] = [
  { title: 'a resource matches itself', statement: invokeOn(`${api}/dev/GET/pets/a1b2`), ...invoke, matches: true },
  { title: 'a resource minds case', statement: invokeOn(`${api}/dev/GET/Pets/a1b2`), ...invoke, matches: false },
  { title: 'a lone star is every resource', statement: invokeOn('*'), ...invoke, matches: true },
  { title: 'a star spans slashes', statement: invokeOn(`${api}/dev/*`), ...invoke, matches: true },
  { title: 'a star spans from stage to path', statement: invokeOn(`${api}/*/pets/*`), ...invoke, matches: true },
  {
    title: 'a star in the last section spans colons',
    statement: invokeOn('arn:aws:logs:*:*:log-group:*:stream'),
    action: 'execute-api:Invoke',
    resource: 'arn:aws:logs:eu-central-1:111111111111:log-group:a:b:stream',
    matches: true,
  },
  {
    title: 'a star in the region does not reach into the account',
    statement: invokeOn('arn:aws:sqs:*:111111111111:queue'),
    action: 'execute-api:Invoke',
    resource: 'arn:aws:sqs:eu-central-1:222222222222:111111111111:queue',
    matches: false,
  },
  {
    title: 'a star may be a whole section',
    statement: invokeOn('arn:aws:execute-api:*:*:a1b2c3d4e5/dev/*'),
    ...invoke,
    matches: true,
  },
  {
    title: 'a section may be matched in part',
    statement: invokeOn('arn:aws:execute-api:eu-*:1111*:a1b2c3d4e5/dev/*'),
    ...invoke,
    matches: true,
  },
  {
    title: 'an empty section is not any section',
    statement: invokeOn('arn:aws:execute-api:::a1b2c3d4e5/dev/*'),
    ...invoke,
    matches: false,
  },
  {
    title: 'a question mark is one character of a resource',
    statement: invokeOn(`${api}/dev/GET/pets/a?b?`),
    ...invoke,
    matches: true,
  },
  {
    title: 'a question mark may be a slash',
    statement: invokeOn(`${api}?dev/GET/pets/a1b2`),
    ...invoke,
    matches: true,
  },
  {
    title: 'a resource is not matched by its beginning',
    statement: invokeOn(`${api}/dev/GET/pets`),
    ...invoke,
    matches: false,
  },
  {
    title: 'a trailing slash is not a trailing star',
    statement: invokeOn(`${api}/dev/GET/pets/a1b2/`),
    ...invoke,
    matches: false,
  },
  { title: 'another stage does not match', statement: invokeOn(`${api}/prod/*`), ...invoke, matches: false },
  {
    title: 'another partition does not match',
    statement: invokeOn(`${api.replace('aws', 'aws-cn')}/*`),
    ...invoke,
    matches: false,
  },
  {
    title: 'one resource of a list is enough',
    statement: invokeOn([`${api}/prod/*`, `${api}/dev/*`]),
    ...invoke,
    matches: true,
  },
  { title: 'an empty list of resources is no resource', statement: invokeOn([]), ...invoke, matches: false },
  {
    title: 'NotResource is everything else',
    statement: { Action: '*', NotResource: `${api}/prod/*` },
    ...invoke,
    matches: true,
  },
  {
    title: 'NotResource is not the resource it names',
    statement: { Action: '*', NotResource: [`${api}/prod/*`, `${api}/dev/*`] },
    ...invoke,
    matches: false,
  },
  {
    title: 'a resource that is no ARN is matched by a lone star',
    statement: onAll('sts:*'),
    action: 'sts:GetWebIdentityToken',
    resource: '*',
    matches: true,
  },
  {
    title: 'a resource that is no ARN is matched by nothing but a lone star',
    statement: { Action: 'sts:*', Resource: 'arn:*:*:*:*:*' },
    action: 'sts:GetWebIdentityToken',
    resource: '*',
    matches: false,
  },
]

export const matchingCases: readonly MatchingCase[] = [...actions, ...resources]
