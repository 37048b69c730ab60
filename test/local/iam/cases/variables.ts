import type { Principal } from '../../../../local/iam/index.ts'
import { session, user } from './test-principals.ts'

/** Whether a statement with policy variables matches. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
export interface VariableCase {
  readonly title: string
  /** 2012-10-17 unless given. */
  readonly version?: '2008-10-17' | 'absent'
  readonly statement: Readonly<Record<string, unknown>>
  readonly principal: Principal
  readonly resource?: string
  readonly context?: Readonly<Record<string, string | readonly string[]>>
  readonly matches: boolean
  readonly reason?: string
}

const bucket = 'arn:aws:s3:::homes'
const homeOf = (name: string) => ({ Resource: `${bucket}/\${${name}}/*` })
const red = session({ tags: { team: 'red' } })
const equals = (value: string) => ({ Resource: '*', Condition: { StringEquals: { 'app:Team': value } } })

export const variableCases: readonly VariableCase[] = [
  {
    title: 'a variable in a resource takes its value',
    statement: homeOf('aws:username'),
    principal: user(),
    resource: `${bucket}/alice/x`,
    matches: true,
  },
  {
    title: 'a variable in a resource takes no other value',
    statement: homeOf('aws:username'),
    principal: user(),
    resource: `${bucket}/bob/x`,
    matches: false,
    reason: `resource ${bucket}/bob/x is not among ["${bucket}/\${aws:username}/*" (here "${bucket}/alice/*")]`,
  },
  {
    title: 'the name of a variable ignores case',
    statement: homeOf('AWS:UserName'),
    principal: user(),
    resource: `${bucket}/alice/x`,
    matches: true,
  },
  {
    title: 'a tag is a variable',
    statement: homeOf('aws:PrincipalTag/team'),
    principal: red,
    resource: `${bucket}/red/x`,
    matches: true,
  },
  {
    title: 'a variable without value matches no resource',
    statement: homeOf('aws:username'),
    principal: red,
    resource: `${bucket}//x`,
    matches: false,
    reason: `resource ${bucket}//x is not among ["${bucket}/\${aws:username}/*" (which has no value here)]`,
  },
  {
    title: 'a variable without value does not spoil the other resources',
    statement: { Resource: [`${bucket}/\${aws:username}/*`, `${bucket}/all/*`] },
    principal: red,
    resource: `${bucket}/all/x`,
    matches: true,
  },
  {
    title: 'a variable without value in NotResource excepts no resource',
    statement: { NotResource: `${bucket}/\${aws:username}/*` },
    principal: red,
    resource: `${bucket}/alice/x`,
    matches: true,
  },
  {
    title: 'a default stands in for a missing value',
    statement: homeOf("aws:PrincipalTag/team, 'everyone'"),
    principal: session(),
    resource: `${bucket}/everyone/x`,
    matches: true,
  },
  {
    title: 'a default does not stand in for a value that is there',
    statement: homeOf("aws:PrincipalTag/team, 'everyone'"),
    principal: red,
    resource: `${bucket}/everyone/x`,
    matches: false,
  },
  {
    title: 'a default may be empty',
    statement: homeOf("aws:PrincipalTag/team,''"),
    principal: session(),
    resource: `${bucket}//x`,
    matches: true,
  },
  {
    title: 'several variables may stand in one text',
    statement: { Resource: `${bucket}/\${aws:PrincipalTag/team}-\${aws:PrincipalType}` },
    principal: red,
    resource: `${bucket}/red-AssumedRole`,
    matches: true,
  },
  {
    title: 'a star in a value is a star and no wildcard',
    statement: homeOf('aws:PrincipalTag/team'),
    principal: session({ tags: { team: '*' } }),
    resource: `${bucket}/red/x`,
    matches: false,
  },
  {
    title: 'a star in a value equals a star',
    statement: homeOf('aws:PrincipalTag/team'),
    principal: session({ tags: { team: '*' } }),
    resource: `${bucket}/*/x`,
    matches: true,
  },
  {
    title: 'the variable for a star is a literal star',
    statement: { Resource: `${bucket}/\${*}` },
    principal: user(),
    resource: `${bucket}/x`,
    matches: false,
  },
  {
    title: 'the variables for star, question mark and dollar are those characters',
    statement: { Resource: `${bucket}/\${*}\${?}\${$}` },
    principal: user(),
    resource: `${bucket}/*?$`,
    matches: true,
  },
  {
    title: 'the older version of the language knows no variables',
    version: '2008-10-17',
    statement: { Resource: `${bucket}/\${aws:username}/*` },
    principal: user(),
    resource: `${bucket}/alice/x`,
    matches: false,
  },
  {
    title: 'a policy without version knows no variables',
    version: 'absent',
    statement: { Resource: `${bucket}/\${aws:username}/*` },
    principal: user(),
    resource: `${bucket}/alice/x`,
    matches: false,
  },
  {
    title: 'where there are no variables their signs are text',
    version: '2008-10-17',
    statement: { Resource: `${bucket}/\${aws:username}/*` },
    principal: user(),
    resource: `${bucket}/\${aws:username}/x`,
    matches: true,
  },
  {
    title: 'a key of several values is no variable',
    statement: homeOf('app:Teams'),
    principal: user(),
    resource: `${bucket}/red/x`,
    context: { 'app:Teams': ['red', 'blue'] },
    matches: false,
  },
  {
    title: 'a variable in StringEquals takes its value',
    statement: equals('${aws:PrincipalTag/team}'),
    principal: red,
    context: { 'app:Team': 'red' },
    matches: true,
  },
  {
    title: 'a variable in StringEquals says its value when it differs',
    statement: equals('${aws:PrincipalTag/team}'),
    principal: red,
    context: { 'app:Team': 'blue' },
    matches: false,
    reason: 'StringEquals app:Team: the request sent "blue", the policy wants "${aws:PrincipalTag/team}" (here "red")',
  },
  {
    title: 'a variable without value equals nothing',
    statement: equals('${aws:PrincipalTag/team}'),
    principal: session(),
    context: { 'app:Team': 'red' },
    matches: false,
    reason:
      'StringEquals app:Team: the request sent "red", the policy wants "${aws:PrincipalTag/team}" (which has no value here)',
  },
  {
    title: 'a negated operator matches against a variable without value',
    statement: { Resource: '*', Condition: { StringNotEquals: { 'app:Team': '${aws:PrincipalTag/team}' } } },
    principal: session(),
    context: { 'app:Team': 'red' },
    matches: true,
  },
  {
    title: 'a variable may be part of a StringLike pattern',
    statement: { Resource: '*', Condition: { StringLike: { 'app:Prefix': '${aws:username}/*' } } },
    principal: user(),
    context: { 'app:Prefix': 'alice/docs' },
    matches: true,
  },
  {
    title: 'a variable may be a whole ARN',
    statement: { Resource: '*', Condition: { ArnEquals: { 'app:Owner': '${aws:PrincipalArn}' } } },
    principal: user(),
    context: { 'app:Owner': user().arn },
    matches: true,
  },
  {
    title: 'a variable that is no ARN is like no ARN',
    statement: { Resource: '*', Condition: { ArnLike: { 'app:Owner': '${aws:username}' } } },
    principal: user(),
    context: { 'app:Owner': user().arn },
    matches: false,
  },
  {
    title: 'a variable may stand in any case of letters',
    statement: { Resource: '*', Condition: { StringEqualsIgnoreCase: { 'app:Team': '${aws:PrincipalTag/team}' } } },
    principal: red,
    context: { 'app:Team': 'RED' },
    matches: true,
  },
]
