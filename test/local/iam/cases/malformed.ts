import type { PolicyType } from '../../../../local/iam/index.ts'

/** A policy that is refused, and the words of the PolicyError after the name of the policy. */
export interface MalformedCase {
  readonly title: string
  /** Identity-based unless given. */
  readonly kind?: PolicyType
  readonly document: unknown
  readonly error: string
}

const good = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
const goodResource = { ...good, Principal: '*' }
const goodTrust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '111111111111' } }

const identity = (...statements: readonly unknown[]) => ({ Version: '2012-10-17', Statement: statements })
const condition = (Condition: unknown) => identity({ ...good, Condition })
const resource = (statement: unknown) => ({ kind: 'resource-based' as const, document: identity(statement) })
const trust = (statement: unknown) => ({ kind: 'role trust' as const, document: identity(statement) })

const documents: readonly MalformedCase[] = [
  { title: 'text is no document', document: '{}', error: ': "{}" is not a policy document' },
  {
    title: 'a list is no document',
    document: [good],
    error: ': [{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}] is not a policy document',
  },
  { title: 'nothing is no document', document: undefined, error: ': undefined is not a policy document' },
  { title: 'a document needs statements', document: { Version: '2012-10-17' }, error: ', Statement: there is none' },
  {
    title: 'a document has no other elements',
    document: { ...identity(good), Statements: [] },
    error: ', Statements: there is no such element in a policy',
  },
  {
    title: 'element names mind case',
    document: { version: '2012-10-17', Statement: good },
    error: ', version: there is no such element in a policy',
  },
  {
    title: 'there are two versions of the language',
    document: { Version: '2012-10-18', Statement: good },
    error: ', Version: "2012-10-18" is neither "2012-10-17" nor "2008-10-17"',
  },
  {
    title: 'a version is text',
    document: { Version: 2012, Statement: good },
    error: ', Version: 2012 is neither "2012-10-17" nor "2008-10-17"',
  },
  {
    title: 'an identity policy has no Id',
    document: { Id: 'x', Statement: good },
    error: ', Id: "x" is not text in a resource-based policy',
  },
  {
    title: 'a statement is an object',
    document: identity(good, 'Allow'),
    error: ', statement 2: "Allow" is not an object',
  },
  {
    title: 'a hostile name is no element',
    document: JSON.parse('{"__proto__": {}, "Statement": []}'),
    error: ', __proto__: there is no such element in a policy',
  },
]

const statements: readonly MalformedCase[] = [
  {
    title: 'a statement has no other elements',
    document: identity({ ...good, Ressource: '*' }),
    error: ', statement 1, Ressource: there is no such element in a statement',
  },
  {
    title: 'a statement needs an effect',
    document: identity({ Action: '*', Resource: '*' }),
    error: ', statement 1, Effect: undefined is neither "Allow" nor "Deny"',
  },
  {
    title: 'an effect minds case',
    document: identity({ ...good, Effect: 'allow' }),
    error: ', statement 1, Effect: "allow" is neither "Allow" nor "Deny"',
  },
  {
    title: 'a statement is named by its Sid',
    document: identity(good, { ...good, Sid: 'Two', Effect: 'Permit' }),
    error: ', statement "Two", Effect: "Permit" is neither "Allow" nor "Deny"',
  },
  { title: 'a Sid is text', document: identity({ ...good, Sid: 7 }), error: ', statement 1, Sid: 7 is not text' },
  {
    title: 'a Sid of IAM is letters and digits',
    document: identity({ ...good, Sid: 'not this' }),
    error: ', statement 1, Sid: "not this" holds something else than letters and digits',
  },
  {
    title: 'a Sid stands once in a policy',
    document: identity({ ...good, Sid: 'One' }, good, { ...good, Sid: 'One' }),
    error: ', Sid: "One" stands twice',
  },
  {
    title: 'a statement needs actions',
    document: identity({ Effect: 'Allow', Resource: '*' }),
    error: ', statement 1, Action: neither Action nor NotAction is there',
  },
  {
    title: 'Action and NotAction exclude each other',
    document: identity({ ...good, NotAction: 's3:*' }),
    error: ', statement 1, NotAction: a statement has Action or NotAction, not both',
  },
  {
    title: 'NotAction is not empty',
    document: identity({ Effect: 'Allow', NotAction: [], Resource: '*' }),
    error: ', statement 1, NotAction: it is empty; name what to except',
  },
  {
    title: 'NotPrincipal is not empty',
    ...resource({ Effect: 'Deny', Action: '*', Resource: '*', NotPrincipal: { AWS: [] } }),
    error: ', statement 1, NotPrincipal: it is empty; name what to except',
  },
  {
    title: 'an action names its service',
    document: identity({ ...good, Action: 'GetObject' }),
    error: ', statement 1, Action: "GetObject" is neither "*" nor of the form service:Name',
  },
  {
    title: 'an action has a name',
    document: identity({ ...good, Action: ['s3:*', 's3:'] }),
    error: ', statement 1, Action: "s3:" is neither "*" nor of the form service:Name',
  },
  {
    title: 'an action has no variables',
    document: identity({ ...good, Action: 's3:${aws:username}' }),
    error: ', statement 1, Action: "s3:${aws:username}" is neither "*" nor of the form service:Name',
  },
  {
    title: 'an action is text',
    document: identity({ ...good, Action: [{}] }),
    error: ', statement 1, Action: {} is not text',
  },
  {
    title: 'a statement needs resources',
    document: identity({ Effect: 'Allow', Action: '*' }),
    error: ', statement 1, Resource: neither Resource nor NotResource is there',
  },
  {
    title: 'Resource and NotResource exclude each other',
    document: identity({ ...good, NotResource: '*' }),
    error: ', statement 1, NotResource: a statement has Resource or NotResource, not both',
  },
  {
    title: 'a resource is an ARN',
    document: identity({ ...good, Resource: 'bucket/*' }),
    error: ', statement 1, Resource: "bucket/*" is neither "*" nor an ARN of six sections',
  },
  {
    title: 'a resource has all sections of an ARN',
    document: identity({ ...good, Resource: 'arn:aws:s3:*' }),
    error: ', statement 1, Resource: "arn:aws:s3:*" is neither "*" nor an ARN of six sections',
  },
  {
    title: 'the short form of API Gateway must be expanded before',
    ...resource({ ...goodResource, Resource: 'execute-api:/*' }),
    error: ', statement 1, Resource: "execute-api:/*" is neither "*" nor an ARN of six sections',
  },
  {
    title: 'a variable stands in the sixth section of a resource',
    document: identity(
      { ...good, Resource: 'arn:aws:s3:::${aws:username}:${aws:userid}', NotAction: undefined },
      { ...good, Resource: 'arn:aws:sqs:*:${aws:PrincipalAccount}:q' },
    ),
    error:
      ', statement 2, Resource: "arn:aws:sqs:*:${aws:PrincipalAccount}:q" is neither "*" nor an ARN of six sections; variables may stand in its sixth section only',
  },
  {
    title: 'a variable is closed',
    document: identity({ ...good, Resource: 'arn:aws:s3:::${aws:username' }),
    error: ', statement 1, Resource: the variable in "arn:aws:s3:::${aws:username" lacks its closing brace',
  },
  {
    title: 'a variable is not empty',
    document: identity({ ...good, Resource: 'arn:aws:s3:::${}' }),
    error: ', statement 1, Resource: ${} is an empty variable',
  },
  {
    title: 'a variable has no blank in its name',
    document: identity({ ...good, Resource: 'arn:aws:s3:::${aws: username}' }),
    error: ', statement 1, Resource: the name of the variable ${aws: username} holds a blank',
  },
  {
    title: 'a default stands in single quotes',
    document: identity({ ...good, Resource: 'arn:aws:s3:::${aws:username, none}' }),
    error: ', statement 1, Resource: the default in ${aws:username, none} needs single quotes',
  },
]

const principals: readonly MalformedCase[] = [
  {
    title: 'an identity policy names no principal',
    document: identity(goodResource),
    error: ', statement 1, Principal: an identity-based policy names no principal: it belongs to one',
  },
  {
    title: 'a session policy names no principal',
    kind: 'session',
    document: identity(goodResource),
    error: ', statement 1, Principal: a session policy names no principal: it belongs to one',
  },
  {
    title: 'a boundary names no principal',
    kind: 'permissions boundary',
    document: identity({ ...good, Effect: 'Deny', NotPrincipal: '*' }),
    error: ', statement 1, NotPrincipal: a permissions boundary names no principal: it belongs to one',
  },
  {
    title: 'a resource policy names principals',
    ...resource(good),
    error: ', statement 1, Principal: a resource-based policy must say for whom it is',
  },
  {
    title: 'Principal and NotPrincipal exclude each other',
    ...resource({ ...goodResource, NotPrincipal: '*' }),
    error: ', statement 1, NotPrincipal: a statement has Principal or NotPrincipal, not both',
  },
  {
    title: 'NotPrincipal does not allow',
    ...resource({ ...good, NotPrincipal: { AWS: '111111111111' } }),
    error: ', statement 1, NotPrincipal: NotPrincipal goes with Deny only',
  },
  {
    title: 'a principal is a star or an object',
    ...resource({ ...good, Principal: '111111111111' }),
    error: ', statement 1, Principal: "111111111111" is neither "*" nor an object',
  },
  {
    title: 'there are four types of principal',
    ...resource({ ...good, Principal: { aws: '*' } }),
    error:
      ', statement 1, Principal.aws: there is no such type of principal; there are AWS, Service, Federated, CanonicalUser',
  },
  {
    title: 'a principal holds no wildcard',
    ...resource({ ...good, Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } }),
    error:
      ', statement 1, Principal.AWS: "arn:aws:iam::111111111111:role/*" holds a wildcard; name "*" and narrow it with a condition on aws:PrincipalArn',
  },
  {
    title: 'a service holds no wildcard',
    ...resource({ ...good, Principal: { Service: '*' } }),
    error: ', statement 1, Principal.Service: "*" is not the name of a service such as lambda.amazonaws.com',
  },
  {
    title: 'a group is no principal',
    ...resource({ ...good, Principal: { AWS: 'arn:aws:iam::111111111111:group/staff' } }),
    error:
      ', statement 1, Principal.AWS: "arn:aws:iam::111111111111:group/staff" is a group, and groups are not principals',
  },
  {
    title: 'the id of a deleted role is no principal',
    ...resource({ ...good, Principal: { AWS: 'AROADBQP57FF2AEXAMPLE' } }),
    error:
      ', statement 1, Principal.AWS: "AROADBQP57FF2AEXAMPLE" is the id of a role or user that was deleted; name the ARN of its successor',
  },
  {
    title: 'a name alone is no principal',
    ...resource({ ...good, Principal: { AWS: ['*', 'alice'] } }),
    error:
      ', statement 1, Principal.AWS: "alice" is not the ARN of an account, user, role or session, nor an account id, nor "*"',
  },
  {
    title: 'a principal is text',
    ...resource({ ...good, Principal: { AWS: [{ Ref: 'Role' }] } }),
    error: ', statement 1, Principal.AWS: {"Ref":"Role"} is not text',
  },
  {
    title: 'a trust policy has no resource',
    ...trust({ ...goodTrust, Resource: '*' }),
    error: ', statement 1, Resource: a role trust policy has no Resource: it is the role',
  },
  {
    title: 'a trust policy has no NotResource',
    ...trust({ ...goodTrust, NotResource: '*' }),
    error: ', statement 1, NotResource: a role trust policy has no Resource: it is the role',
  },
  {
    title: 'a trust policy names principals',
    ...trust({ Effect: 'Allow', Action: 'sts:AssumeRole' }),
    error: ', statement 1, Principal: a role trust policy must say for whom it is',
  },
  {
    title: 'a trust policy has no bare star',
    ...trust({ ...goodTrust, Principal: '*' }),
    error: ', statement 1, Principal: IAM takes {"AWS": "*"} in a role trust policy, not a bare "*"',
  },
  {
    title: 'a trust policy has no NotPrincipal',
    ...trust({ Effect: 'Deny', Action: 'sts:AssumeRole', NotPrincipal: { AWS: '111111111111' } }),
    error: ', statement 1, NotPrincipal: role trust policies do not take NotPrincipal',
  },
  {
    title: 'a trust policy speaks of sts only',
    ...trust({ ...goodTrust, Action: ['sts:AssumeRole', 's3:*'] }),
    error: ', statement 1, Action: "s3:*" is not an action of sts, and role trust policies take no others',
  },
]

const conditions: readonly MalformedCase[] = [
  {
    title: 'a Condition is an object',
    document: condition([]),
    error: ', statement 1, Condition: [] is not an object of operators',
  },
  {
    title: 'a Condition is not null',
    document: condition(null),
    error: ', statement 1, Condition: null is not an object of operators',
  },
  {
    title: 'an operator holds keys',
    document: condition({ StringEquals: 'a' }),
    error: ', statement 1, Condition.StringEquals: "a" is not an object of condition keys',
  },
  {
    title: 'an unknown operator is rejected by name',
    document: condition({ StringEqual: { 'aws:username': 'a' } }),
    error: ', statement 1, Condition.StringEqual: there is no such condition operator',
  },
  {
    title: 'operators mind case',
    document: condition({ stringEquals: { 'aws:username': 'a' } }),
    error: ', statement 1, Condition.stringEquals: there is no such condition operator',
  },
  {
    title: 'an unknown qualifier is rejected by name',
    document: condition({ 'ForSomeValues:StringEquals': { 'aws:username': 'a' } }),
    error: ', statement 1, Condition.ForSomeValues:StringEquals: there is no such condition operator',
  },
  {
    title: 'an operator named like a method is unknown',
    document: condition({ constructor: { 'aws:username': 'a' } }),
    error: ', statement 1, Condition.constructor: there is no such condition operator',
  },
  {
    title: 'Null takes no IfExists',
    document: condition({ NullIfExists: { 'aws:username': 'true' } }),
    error: ', statement 1, Condition.NullIfExists: Null takes neither qualifier nor IfExists',
  },
  {
    title: 'Null takes no qualifier',
    document: condition({ 'ForAllValues:Null': { 'aws:username': 'true' } }),
    error: ', statement 1, Condition.ForAllValues:Null: Null takes neither qualifier nor IfExists',
  },
  {
    title: 'Null takes true or false',
    document: condition({ Null: { 'aws:username': 'yes' } }),
    error: ', statement 1, Condition.Null.aws:username: "yes" is not true or false',
  },
  {
    title: 'a key names its service',
    document: condition({ StringEquals: { username: 'a' } }),
    error:
      ', statement 1, Condition.StringEquals.username: a condition key names its service first, as in aws:SourceIp',
  },
  {
    title: 'a key stands once under an operator',
    document: condition({ StringEquals: { 'aws:username': 'a', 'AWS:UserName': 'b' } }),
    error: ', statement 1, Condition.StringEquals.AWS:UserName: the key stands here twice, in different capitals',
  },
  {
    title: 'a value is a scalar',
    document: condition({ StringEquals: { 'aws:username': [['a']] } }),
    error: ', statement 1, Condition.StringEquals.aws:username: ["a"] is not text, a number or a truth value',
  },
  {
    title: 'a value is not null',
    document: condition({ StringEquals: { 'aws:username': null } }),
    error: ', statement 1, Condition.StringEquals.aws:username: null is not text, a number or a truth value',
  },
  {
    title: 'a key of several values needs a qualifier',
    document: condition({ StringEquals: { 'aws:tagkeys': 'team' } }),
    error:
      ', statement 1, Condition.StringEquals.aws:tagkeys: the key holds several values: the operator needs ForAllValues: or ForAnyValue: before it',
  },
  {
    title: 'a numeric operator wants a number',
    document: condition({ NumericLessThan: { 'app:N': 'ten' } }),
    error: ', statement 1, Condition.NumericLessThan.app:N: "ten" is not a number',
  },
  {
    title: 'a numeric operator takes no variable',
    document: condition({ NumericLessThan: { 'app:N': '${aws:EpochTime}' } }),
    error: ', statement 1, Condition.NumericLessThan.app:N: "${aws:EpochTime}" is not a number',
  },
  {
    title: 'a date operator wants a date',
    document: condition({ DateLessThan: { 'aws:CurrentTime': 'tomorrow' } }),
    error:
      ', statement 1, Condition.DateLessThan.aws:CurrentTime: "tomorrow" is not a date, as in 2026-01-31T12:00:00Z, nor seconds since 1970',
  },
  {
    title: 'a date has a month that exists',
    document: condition({ DateLessThan: { 'aws:CurrentTime': '2026-13-01' } }),
    error:
      ', statement 1, Condition.DateLessThan.aws:CurrentTime: "2026-13-01" is not a date, as in 2026-01-31T12:00:00Z, nor seconds since 1970',
  },
  {
    title: 'a time has a zone',
    document: condition({ DateLessThan: { 'aws:CurrentTime': '2026-01-31T12:00:00' } }),
    error:
      ', statement 1, Condition.DateLessThan.aws:CurrentTime: "2026-01-31T12:00:00" is not a date, as in 2026-01-31T12:00:00Z, nor seconds since 1970',
  },
  {
    title: 'Bool wants true or false',
    document: condition({ Bool: { 'aws:SecureTransport': 1 } }),
    error: ', statement 1, Condition.Bool.aws:SecureTransport: "1" is not true or false',
  },
  {
    title: 'BinaryEquals wants base64',
    document: condition({ BinaryEquals: { 'app:B': 'ä' } }),
    error: ', statement 1, Condition.BinaryEquals.app:B: "ä" is not base64',
  },
  {
    title: 'IpAddress wants an address',
    document: condition({ IpAddress: { 'aws:SourceIp': 'example.org' } }),
    error: ', statement 1, Condition.IpAddress.aws:SourceIp: "example.org" is neither an IP address nor a CIDR range',
  },
  {
    title: 'an IPv4 range has at most 32 bits',
    document: condition({ IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } }),
    error: ', statement 1, Condition.IpAddress.aws:SourceIp: "10.0.0.0/33" is neither an IP address nor a CIDR range',
  },
  {
    title: 'a range has one slash',
    document: condition({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8/8' } }),
    error: ', statement 1, Condition.IpAddress.aws:SourceIp: "10.0.0.0/8/8" is neither an IP address nor a CIDR range',
  },
  {
    title: 'a range has a length',
    document: condition({ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/' } }),
    error: ', statement 1, Condition.NotIpAddress.aws:SourceIp: "10.0.0.0/" is neither an IP address nor a CIDR range',
  },
  {
    title: 'an ARN operator wants an ARN',
    document: condition({ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*' } }),
    error: ', statement 1, Condition.ArnLike.aws:SourceArn: "arn:aws:s3:*" is neither "*" nor an ARN of six sections',
  },
  {
    title: 'a variable in a condition is closed',
    document: condition({ StringLike: { 'app:A': '${aws:username' } }),
    error: ', statement 1, Condition.StringLike.app:A: the variable in "${aws:username" lacks its closing brace',
  },
]

export const malformedCases: readonly MalformedCase[] = [...documents, ...statements, ...principals, ...conditions]

/** Policies AWS takes, however odd they look. */
export const acceptedCases: readonly Omit<MalformedCase, 'error'>[] = [
  { title: 'one statement without brackets', document: { Statement: good } },
  { title: 'no statements at all', document: { Statement: [] } },
  { title: 'empty Sids, as the console writes them', document: identity({ ...good, Sid: '' }, { ...good, Sid: '' }) },
  { title: 'a Sid with blanks in a resource policy', ...resource({ ...goodResource, Sid: 'statement 2' }) },
  { title: 'an Id in a resource policy', kind: 'resource-based', document: { Id: 'x', Statement: goodResource } },
  { title: 'a resource of star after star', document: identity({ ...good, Resource: 'arn:*:*:*:*:*' }) },
  {
    title: 'an unclosed brace in the older version',
    document: { Version: '2008-10-17', Statement: { ...good, Resource: 'arn:aws:s3:::${x' } },
  },
  { title: 'a dollar without brace', document: identity({ ...good, Resource: 'arn:aws:s3:::$x{y}' }) },
  { title: 'a trust for sts:*', ...trust({ ...goodTrust, Action: 'sts:*' }) },
  { title: 'a trust for everyone under AWS', ...trust({ ...goodTrust, Principal: { AWS: '*' } }) },
  {
    title: 'a trust for a federated principal',
    ...trust({
      ...goodTrust,
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: 'accounts.google.com' },
    }),
  },
  { title: 'an empty list of values', document: condition({ StringEquals: { 'aws:username': [] } }) },
]
