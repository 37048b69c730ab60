import type { AccessRequest } from '../../../../local/iam/index.ts'
import { home, other, root, session, user } from './test-principals.ts'

/** Whether Principal or NotPrincipal of a Deny statement means a principal. */
export interface PrincipalCase {
  readonly title: string
  readonly element: Readonly<Record<string, unknown>>
  readonly principal: AccessRequest['principal']
  readonly matches: boolean
  readonly reason?: string
}

const account = `arn:aws:iam::${home}:root`
const role = session().principalArn
const service = { service: 'apigateway.amazonaws.com' }
const named = (names: unknown) => ({ Principal: names })
const aws = (...names: readonly string[]) => ({ Principal: { AWS: names } })
const notAws = (...names: readonly string[]) => ({ NotPrincipal: { AWS: names } })

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
const plain: readonly PrincipalCase[] = [
  { title: 'a star is a session', element: named('*'), principal: session(), matches: true },
  { title: 'a star is an anonymous caller', element: named('*'), principal: 'anonymous', matches: true },
  { title: 'a star is a service', element: named('*'), principal: service, matches: true },
  {
    title: 'the star of AWS is an anonymous caller',
    element: named({ AWS: '*' }),
    principal: 'anonymous',
    matches: true,
  },
  { title: 'an account id is a user of the account', element: aws(home), principal: user(), matches: true },
  { title: 'an account id is the root user', element: aws(home), principal: root(), matches: true },
  { title: 'a root ARN is a session of the account', element: aws(account), principal: session(), matches: true },
  {
    title: 'a root ARN of another partition is not this account',
    element: aws(`arn:aws-cn:iam::${home}:root`),
    principal: session(),
    matches: false,
  },
  { title: 'another account is not this one', element: aws(other), principal: session(), matches: false },
  {
    title: 'an account is no anonymous caller',
    element: aws(home),
    principal: 'anonymous',
    matches: false,
    reason: `principal anonymous is not among [${home}]`,
  },
  { title: 'an account is no service', element: aws(home), principal: service, matches: false },
  { title: 'a user ARN is the user', element: aws(user().arn), principal: user(), matches: true },
  {
    title: 'a user ARN without the path is not the user',
    element: aws(`arn:aws:iam::${home}:user/alice`),
    principal: user(),
    matches: false,
    reason: `principal arn:aws:iam::${home}:user/staff/alice is not among [arn:aws:iam::${home}:user/alice]`,
  },
  {
    title: 'a user ARN minds case',
    element: aws(`arn:aws:iam::${home}:user/staff/Alice`),
    principal: user(),
    matches: false,
  },
  { title: 'a role ARN is a session of the role', element: aws(role), principal: session(), matches: true },
  {
    title: 'a role ARN without the path is not the role',
    element: aws(`arn:aws:iam::${home}:role/Caller`),
    principal: session(),
    matches: false,
  },
  {
    title: 'a session ARN is not another session',
    element: aws(`arn:aws:sts::${home}:assumed-role/Caller/evening`),
    principal: session(),
    matches: false,
    reason: `principal arn:aws:sts::${home}:assumed-role/Caller/morning (role arn:aws:iam::${home}:role/team/Caller) is not among [arn:aws:sts::${home}:assumed-role/Caller/evening]`,
  },
  { title: 'a session ARN is that session', element: aws(session().arn), principal: session(), matches: true },
  { title: 'one of a list is enough', element: aws(other, user().arn), principal: user(), matches: true },
  {
    title: 'one of several types is enough',
    element: named({ Service: 'lambda.amazonaws.com', AWS: home }),
    principal: user(),
    matches: true,
  },
  {
    title: 'a service is itself',
    element: named({ Service: 'apigateway.amazonaws.com' }),
    principal: service,
    matches: true,
  },
  {
    title: 'a service is no other',
    element: named({ Service: 'lambda.amazonaws.com' }),
    principal: service,
    matches: false,
    reason: 'principal apigateway.amazonaws.com is not among [lambda.amazonaws.com]',
  },
  {
    title: 'a service is no session',
    element: named({ Service: 'lambda.amazonaws.com' }),
    principal: session(),
    matches: false,
  },
  {
    title: 'a federated principal is not supported',
    element: named({ Federated: 'accounts.google.com' }),
    principal: session(),
    matches: false,
  },
  {
    title: 'a canonical user is not supported',
    element: named({ CanonicalUser: '79a59df900b949e5' }),
    principal: user(),
    matches: false,
  },
  {
    title: 'a federated user is not supported',
    element: aws(`arn:aws:sts::${home}:federated-user/alice`),
    principal: user(),
    matches: false,
  },
  { title: 'an empty list matches no principal', element: aws(), principal: user(), matches: false },
  { title: 'an empty object matches no principal', element: named({}), principal: 'anonymous', matches: false },
]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html */
const negated: readonly PrincipalCase[] = [
  { title: 'NotPrincipal matches all other principals', element: notAws(other), principal: user(), matches: true },
  { title: 'NotPrincipal is an anonymous caller', element: notAws(home), principal: 'anonymous', matches: true },
  {
    title: 'NotPrincipal is not everyone when it names everyone',
    element: { NotPrincipal: '*' },
    principal: 'anonymous',
    matches: false,
  },
  {
    title: 'NotPrincipal exempts a user with its account',
    element: notAws(account, user().arn),
    principal: user(),
    matches: false,
  },
  {
    title: 'NotPrincipal does not exempt a user without its account',
    element: notAws(user().arn),
    principal: user(),
    matches: true,
    reason: `principal ${user().arn} is not exempted by NotPrincipal [${user().arn}], which lacks its account`,
  },
  {
    title: 'NotPrincipal does not exempt a user for its account alone',
    element: notAws(home),
    principal: user(),
    matches: true,
  },
  {
    title: 'NotPrincipal exempts a session with role and account',
    element: notAws(home, role, session().arn),
    principal: session(),
    matches: false,
  },
  {
    title: 'NotPrincipal does not exempt a session without its role',
    element: notAws(home, session().arn),
    principal: session(),
    matches: true,
  },
  {
    title: 'NotPrincipal does not exempt a session for its role alone',
    element: notAws(role),
    principal: session(),
    matches: true,
    reason: `principal arn:aws:sts::${home}:assumed-role/Caller/morning (role ${role}) is not exempted by NotPrincipal [${role}], which lacks its account and session`,
  },
  {
    title: 'NotPrincipal exempts the root user with the account',
    element: notAws(home),
    principal: root(),
    matches: false,
  },
  {
    title: 'NotPrincipal exempts a service it names',
    element: { NotPrincipal: { Service: 'apigateway.amazonaws.com' } },
    principal: service,
    matches: false,
  },
  {
    title: 'NotPrincipal does not exempt a other service',
    element: { NotPrincipal: { Service: 'lambda.amazonaws.com' } },
    principal: service,
    matches: true,
  },
  {
    title: 'NotPrincipal does not exempt a principal with a permissions boundary',
    element: notAws(home, user().arn),
    principal: user({ permissionsBoundary: { name: 'boundary', document: { Statement: [] } } }),
    matches: true,
    reason: `principal ${user().arn} has a permissions boundary, and NotPrincipal does not exempt principals with a permissions boundary`,
  },
]

export const principalCases: readonly PrincipalCase[] = [...plain, ...negated]
