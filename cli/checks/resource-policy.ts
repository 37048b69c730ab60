import {
  type Caller,
  callerRoleName,
  isHttpRoute,
  isPending,
  parseArn,
  roleArn,
  routeText,
  type Stage,
} from '../../shared/access/index.ts'
import {
  awsPrincipals,
  canonicalJson,
  conditionValues,
  matchesAction,
  matchesResource,
  type PolicyDocument,
} from '../aws/policy-document.ts'
import type { Check } from './check.ts'
import type { AwsLocation, DoctorContext } from './doctor-context.ts'
import { type Finding, failed, passed } from './finding.ts'
import { redeploy, restoreDeployed, shellQuoted } from './fixes.ts'
import { restApiMissing } from './rest-api.ts'

const action = 'execute-api:Invoke'

/** The policy of the API admits whom the map admits, and is the one that its stage runs with. */
export const resourcePolicyCheck: Check = {
  id: 'resource-policy',
  title: 'API resource policy',
  needs: ['template'],
  inspect: async (context) => {
    const saved = await context.savedApi()
    const served = await context.servedApi()
    if (!saved || !served) return restApiMissing(context)
    if (!saved.policy) {
      return failed('policy-missing', {
        evidence: [`API ${saved.id} has no resource policy`],
        fixes: await restoreResourcePolicy(context, saved.id),
      })
    }
    const location = await context.location()
    const rejected = rejectedSigners(saved.policy, context.map(), context.options.stage, {
      ...location,
      apiId: saved.id,
    })
    if (rejected.length > 0) {
      return failed('map-not-deployed', {
        evidence: rejected.map((who) => `the resource policy of API ${saved.id} does not allow ${who}`),
        fixes: await restoreResourcePolicy(context, saved.id),
      })
    }
    return compareWithDeployed(saved.policy, served.policy, context, saved.id)
  },
}

const compareWithDeployed = (
  saved: PolicyDocument,
  served: PolicyDocument | undefined,
  context: DoctorContext,
  apiId: string,
): Finding => {
  if (served && canonicalJson(saved) === canonicalJson(served)) {
    return passed(`${saved.Statement.length} statements, deployed`)
  }
  const { stage } = context.options
  const deployedPolicy = served ? 'a different policy' : 'no policy'
  return failed('policy-not-deployed', {
    evidence: [`stage ${stage} of API ${apiId} runs with ${deployedPolicy}; the API has an undeployed one`],
    fixes: restoreDeployed(context, createDeploymentCommand(apiId, stage)),
  })
}

const createDeploymentCommand = (apiId: string, stage: string) =>
  `aws apigateway create-deployment --rest-api-id ${apiId} --stage-name ${stage}`

/** The signers and routes that the policy does not allow, or denies. */
const rejectedSigners = (
  policy: PolicyDocument,
  { callers }: Stage,
  stage: string,
  { partition, region, accountId, apiId }: AwsLocation & { readonly apiId: string },
): readonly string[] =>
  [...callers]
    .filter(([, caller]) => !isPending(caller))
    .flatMap(([name, caller]) =>
      caller.routes.filter(isHttpRoute).flatMap((route) => {
        const { method, path } = route
        const arn = `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}${path}`
        return signerArns(name, caller, stage, { partition, accountId })
          .filter((signer) => !allows(policy, signer, arn))
          .map((signer) => `${signer} for ${routeText(route)}`)
      }),
    )

const signerArns = (
  name: string,
  caller: Caller,
  stage: string,
  { partition, accountId }: Pick<AwsLocation, 'partition' | 'accountId'>,
): readonly string[] =>
  caller.kind === 'direct' ? caller.principals : [roleArn(partition, accountId, callerRoleName(stage, name))]

const allows = ({ Statement }: PolicyDocument, signer: string, arn: string): boolean => {
  const { partition, accountId } = parseArn(signer)
  const names = ['*', accountId, `arn:${partition}:iam::${accountId}:root`, signer]
  const matching = Statement.filter((one) => matchesAction(one, action) && matchesResource(one, arn)).filter((one) =>
    awsPrincipals(one).some((principal) => names.includes(principal)),
  )
  const allowed = matching.some((one) => {
    const values = conditionValues(one, ['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'], 'aws:PrincipalArn')
    return one.Effect === 'Allow' && (values === undefined || values.includes(signer))
  })
  const denied = matching.some((one) => {
    const exempted = conditionValues(
      one,
      ['ArnNotEquals', 'ArnNotLike', 'StringNotEquals', 'StringNotLike'],
      'aws:PrincipalArn',
    )
    return one.Effect === 'Deny' && !exempted?.includes(signer)
  })
  return allowed && !denied
}

/** Writes the derived policy into the API and deploys it: the next deployment would not see a manual change. */
const restoreResourcePolicy = async (context: DoctorContext, apiId: string) => {
  const { options, derived, location } = context
  if (options.backend.kind === 'local') return [redeploy(context)]
  const { partition, accountId } = await location()
  const Statement = JSON.parse(
    JSON.stringify((await derived()).resourcePolicy, (_, value) =>
      typeof value === 'object' && value !== null && 'Fn::Sub' in value
        ? String(value['Fn::Sub']).replaceAll('${AWS::Partition}', partition).replaceAll('${AWS::AccountId}', accountId)
        : value,
    ),
  )
  const value = JSON.stringify({ Version: '2012-10-17', Statement })
  const operations = shellQuoted(JSON.stringify([{ op: 'replace', path: '/policy', value }]))
  return [
    ...restoreDeployed(
      context,
      `aws apigateway update-rest-api --rest-api-id ${apiId} --patch-operations ${operations}`,
    ),
    ...restoreDeployed(context, createDeploymentCommand(apiId, options.stage)),
  ]
}
