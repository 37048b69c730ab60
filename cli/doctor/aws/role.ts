import { GetRoleCommand, GetRolePolicyCommand, IAMClient, paginateListRolePolicies } from '@aws-sdk/client-iam'
import { type Account, clientConfig } from './account.ts'
import { isNamed, look } from './look.ts'
import { type PolicyDocument, readPolicy } from './policy-document.ts'

export interface Role {
  readonly arn: string
  readonly path: string
  readonly trust: PolicyDocument
  /** Its inline policies, by name. */
  readonly policies: ReadonlyMap<string, PolicyDocument>
}

/** Undefined when there is no role of the name. */
export const role = async (account: Account, RoleName: string): Promise<Role | undefined> => {
  const iam = new IAMClient(clientConfig(account))
  const got = await look(
    `GetRole of ${RoleName}`,
    () => iam.send(new GetRoleCommand({ RoleName })),
    isNamed('NoSuchEntityException', 'NoSuchEntity'),
  )
  if (!got?.Role) return undefined
  const policies = await look(`GetRolePolicy of ${RoleName}`, async () => {
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
