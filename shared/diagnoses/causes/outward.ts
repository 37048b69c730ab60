import type { Cause } from './cause.ts'

/** What the service itself asks of AWS and of its targets. */
export const outwardCauses = {
  'target-role-denied': {
    what: 'The role of the target does not let the service assume it.',
    tell: 'The log of invoke has the refusal of STS; the trust of the role names another role than snowgate-<stage>-invoke-function, or another external id than the map.',
    mend: 'In the account of the target, in the trust of its role: Principal arn:<partition>:iam::<owner>:role/snowgate-<stage>-invoke-function, Action sts:AssumeRole and sts:SetSourceIdentity, Condition StringEquals sts:ExternalId = externalId of the map.',
  },
  'target-call-denied': {
    what: 'The role of the target may be assumed, and may not make this call.',
    tell: 'The answer of the target is a 403 in its own words, and names the session of its role.',
    mend: 'In the account of the target, allow its role the action that the refusal names; an API of another account also needs it in its resource policy.',
  },
  'target-not-on-map': {
    what: 'The stage has no target of that name.',
    tell: 'The answer lists those there are.',
    mend: 'Name one of them, or add it under targets of the stage in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'target-path-not-allowed': {
    what: 'The target is not open for this method and path.',
    tell: 'The answer lists what it is open for.',
    mend: 'Add a line to allow of the target in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'target-address-private': {
    what: 'The name of the target leads to an address that is not of the public internet.',
    tell: 'dig +short <host> shows an address of a private network.',
    mend: 'allowPrivate: true beside url of the target in access.yml, when the network is yours, then npx snowgate deploy --stage <stage>.',
  },
  'target-unreachable': {
    what: 'The target does not answer, or nothing gets there.',
    tell: 'curl -sS -m 5 on its url, from the network of the function, gets no answer. A database inside a VPC is reached from inside alone.',
    mend: 'Put the function into the VPC of the target, or open its security group to the function; correct url of the target in access.yml.',
  },
  'sts-region-disabled': {
    what: 'STS is not activated in that region for the account.',
    tell: 'aws sts get-caller-identity --region <region> is refused, and with a region of every account, such as us-east-1, it answers.',
    mend: 'Activate it in the IAM console under Account settings, Endpoints; or let the caller use another region for STS.',
  },
  'aws-throttled': {
    what: 'AWS is asked more often than the account may.',
    tell: 'It passes by itself, and comes back under load.',
    mend: 'Keep sessions until shortly before they end instead of asking for each request, and try again with growing pauses.',
  },
  'aws-unreachable': {
    what: 'Nothing gets from the function to STS or SSM.',
    tell: 'The log of the function shows a time-out and no refusal; a function in a VPC has no way out by itself.',
    mend: 'Give the VPC interface endpoints for sts and ssm (and kms), or its subnets a route to a NAT gateway.',
  },
} as const satisfies Record<string, Cause>
