import {
  GetOutboundWebIdentityFederationInfoCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam'
import { type AwsAccount, callAws, clientConfig, hasErrorName } from './aws-client.ts'
import { type PolicyDocument, readPolicy } from './policy-document.ts'

export interface IamRole {
  readonly arn: string
  readonly path: string
  readonly trust: PolicyDocument
  /** Its inline policies, by name. */
  readonly policies: ReadonlyMap<string, PolicyDocument>
}

/** Undefined when there is no role of the name. */
export const getRole = async (account: AwsAccount, RoleName: string): Promise<IamRole | undefined> => {
  const iam = new IAMClient(clientConfig(account))
  const got = await callAws(
    `GetRole of ${RoleName}`,
    () => iam.send(new GetRoleCommand({ RoleName })),
    hasErrorName('NoSuchEntityException', 'NoSuchEntity'),
  )
  if (!got?.Role) return undefined
  const policies = await callAws(`GetRolePolicy of ${RoleName}`, async () => {
    const found = new Map<string, PolicyDocument>()
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: iam }, { RoleName })) {
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))
        found.set(
          PolicyName,
          readPolicy(decodeURIComponent(PolicyDocument ?? ''), `policy ${PolicyName} of ${RoleName}`),
        )
      }
    }
    return found
  })
  const { Arn: arn = '', Path: path = '/', AssumeRolePolicyDocument: trust = '' } = got.Role
  return {
    arn,
    path,
    policies: policies ?? new Map(),
    trust: readPolicy(decodeURIComponent(trust), `the trust of ${RoleName}`),
  }
}

/** Of the web identity tokens of the account; undefined where it hands out none. */
export const tokenIssuer = async (account: AwsAccount): Promise<string | undefined> => {
  const iam = new IAMClient(clientConfig(account))
  const info = await callAws(
    'GetOutboundWebIdentityFederationInfo',
    () => iam.send(new GetOutboundWebIdentityFederationInfoCommand()),
    hasErrorName('FeatureDisabledException', 'FeatureDisabled'),
  )
  return info?.IssuerIdentifier
}
