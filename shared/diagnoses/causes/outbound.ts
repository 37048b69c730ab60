import type { Cause } from './cause.ts'

/** Causes in the service's outbound calls to AWS and to its targets. */
export const outboundCauses = {
  'target-role-denied': {
    summary: 'The target role’s trust policy does not allow the service to assume it.',
    howToTell:
      'The log of invoke has the error from STS. The trust policy names another role than snowgate-<stage>-invoke-function, or another external id than access.yml.',
    fix: 'In the target’s account, in the trust policy of its role: Principal arn:<partition>:iam::<owner>:role/snowgate-<stage>-invoke-function, Action sts:AssumeRole and sts:SetSourceIdentity, Condition StringEquals sts:ExternalId = externalId of access.yml.',
  },
  'target-call-denied': {
    summary: 'The service can assume the target role, but the role is not allowed to make this call.',
    howToTell: 'The target returns a 403 that names the session of its role.',
    fix: 'In the target’s account, allow the target role the action that the error names. An API of another account also needs it in its resource policy.',
  },
  'target-not-in-map': {
    summary: 'The stage has no target with this name.',
    howToTell: 'The error lists the existing targets.',
    fix: 'Use one of them, or add the target under targets of the stage in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'target-path-not-allowed': {
    summary: 'The target is not open for this method and path.',
    howToTell: 'The error lists what it allows.',
    fix: 'Add a rule to allow of the target in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'target-address-private': {
    summary: 'The target’s host name resolves to a non-public address.',
    howToTell: 'dig +short <host> shows a private address.',
    fix: 'allowPrivate: true next to url of the target in access.yml, if the network is yours, then npx snowgate deploy --stage <stage>.',
  },
  'target-unreachable': {
    summary: 'The target does not respond, or the network blocks the connection.',
    howToTell:
      'curl -sS -m 5 on its url, from the function’s network, gets no response. A database in a VPC is reachable only from inside the VPC.',
    fix: 'Put the function into the VPC of the target, or open its security group to the function; correct url of the target in access.yml.',
  },
  'sts-region-disabled': {
    summary: 'STS is inactive for the account in this region.',
    howToTell:
      'aws sts get-caller-identity --region <region> fails, and succeeds in a region that every account has, such as us-east-1.',
    fix: 'Activate it in the IAM console under Account settings, Endpoints; or let the caller use another region for STS.',
  },
  'aws-throttled': {
    summary: 'AWS throttles the account.',
    howToTell: 'It is transient, and returns under load.',
    fix: 'Cache sessions until shortly before they expire, and retry with exponential backoff.',
  },
  'aws-unreachable': {
    summary: 'The function cannot reach STS or SSM.',
    howToTell:
      'The function’s log shows a timeout and no AWS error. A function in a VPC has no internet access by default.',
    fix: 'Give the VPC interface endpoints for sts and ssm (and kms), or its subnets a route to a NAT gateway.',
  },
} as const satisfies Record<string, Cause>
