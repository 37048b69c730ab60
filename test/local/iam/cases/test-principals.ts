import type { NamedPolicy, Principal } from '../../../../local/iam/index.ts'

export const home = '111111111111'
export const other = '222222222222'

export const apiArn = `arn:aws:execute-api:eu-central-1:${home}:a1b2c3d4e5/dev/POST/hello`
export const roleArn = `arn:aws:iam::${home}:role/Target`

export const policy = (name: string, ...statements: readonly object[]): NamedPolicy => ({
  name,
  document: { Version: '2012-10-17', Statement: statements },
})

export const user = (overrides: Partial<Principal> = {}): Principal => {
  const { accountId = home } = overrides
  return {
    type: 'User',
    accountId,
    arn: `arn:aws:iam::${accountId}:user/staff/alice`,
    principalArn: `arn:aws:iam::${accountId}:user/staff/alice`,
    userId: 'AIDAALICEALICEALICEAL',
    identityPolicies: [],
    ...overrides,
  }
}

export const session = (overrides: Partial<Principal> = {}): Principal => {
  const { accountId = home } = overrides
  return {
    type: 'AssumedRole',
    accountId,
    // The role stands at a path, which its sessions do not show.
    arn: `arn:aws:sts::${accountId}:assumed-role/Caller/morning`,
    principalArn: `arn:aws:iam::${accountId}:role/team/Caller`,
    userId: 'AROACALLERCALLERCALLE:morning',
    identityPolicies: [],
    issuedAt: new Date('2026-01-15T10:11:12Z'),
    ...overrides,
  }
}

export const root = (overrides: Partial<Principal> = {}): Principal => {
  const { accountId = home } = overrides
  return {
    type: 'Root',
    accountId,
    arn: `arn:aws:iam::${accountId}:root`,
    principalArn: `arn:aws:iam::${accountId}:root`,
    userId: accountId,
    identityPolicies: [],
    ...overrides,
  }
}

const invoke = { Action: 'execute-api:Invoke', Resource: `arn:aws:execute-api:*:${home}:*` }

/** A policy of a principal that allows the call, speaks of another action only, or denies the call. */
export const policiesByEffect = {
  allows: (name: string) => policy(name, { Effect: 'Allow', ...invoke }),
  'is silent': (name: string) =>
    policy(name, { Effect: 'Allow', Action: 'execute-api:ManageConnections', Resource: '*' }),
  denies: (name: string) => policy(name, { Effect: 'Deny', ...invoke }),
} as const
