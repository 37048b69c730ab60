import {
  type Caller,
  doorRoleName,
  isHttpRoute,
  isShut,
  partsOfArn,
  roleArn,
  routeText,
  type Stage,
} from '../../../shared/access/index.ts'
import {
  awsPrincipals,
  canonical,
  conditionValues,
  coversAction,
  coversResource,
  type PolicyDocument,
} from '../aws/index.ts'
import { type Finding, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain, putBack, shellQuoted } from '../mends.ts'
import type { Patient, Place } from '../patient.ts'
import { apiGone } from './api-gone.ts'

const action = 'execute-api:Invoke'

/** The policy of the API admits whom the map admits, and is the one that its stage runs with. */
export const resourcePolicy: Hop = {
  id: 'resource-policy',
  title: 'API resource policy',
  needs: ['template'],
  check: async (patient) => {
    const saved = await patient.savedApi()
    const served = await patient.servedApi()
    if (!saved || !served) return apiGone(patient)
    if (!saved.policy) {
      return failed('policy-missing', {
        evidence: [`API ${saved.id} has no resource policy`],
        mend: await saveAndDeploy(patient, saved.id),
      })
    }
    const place = await patient.place()
    const refused = notAdmitted(saved.policy, patient.map(), patient.order.stage, { ...place, apiId: saved.id })
    if (refused.length > 0) {
      return failed('map-not-deployed', {
        evidence: refused.map((who) => `the resource policy of API ${saved.id} does not allow ${who}`),
        mend: await saveAndDeploy(patient, saved.id),
      })
    }
    return deployedOrNot(saved.policy, served.policy, patient, saved.id)
  },
}

const deployedOrNot = (
  saved: PolicyDocument,
  served: PolicyDocument | undefined,
  patient: Patient,
  apiId: string,
): Finding => {
  if (served && canonical(saved) === canonical(served)) {
    return passed(`${saved.Statement.length} statements, deployed`)
  }
  const { stage } = patient.order
  const other = served ? 'a different policy' : 'no policy'
  return failed('policy-not-deployed', {
    evidence: [`stage ${stage} of API ${apiId} runs with ${other}; the API has an undeployed one`],
    mend: putBack(patient, createDeployment(apiId, stage)),
  })
}

const createDeployment = (apiId: string, stage: string) =>
  `aws apigateway create-deployment --rest-api-id ${apiId} --stage-name ${stage}`

/** Callers and routes that the policy lets nobody through for, or denies. */
const notAdmitted = (
  policy: PolicyDocument,
  { callers }: Stage,
  stage: string,
  { partition, region, accountId, apiId }: Place & { readonly apiId: string },
): readonly string[] =>
  [...callers]
    .filter(([, caller]) => !isShut(caller))
    .flatMap(([name, caller]) =>
      caller.routes.filter(isHttpRoute).flatMap((route) => {
        const { method, path } = route
        const arn = `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}${path}`
        return signersOf(name, caller, stage, { partition, accountId })
          .filter((signer) => !admits(policy, signer, arn))
          .map((signer) => `${signer} for ${routeText(route)}`)
      }),
    )

const signersOf = (
  name: string,
  caller: Caller,
  stage: string,
  { partition, accountId }: Pick<Place, 'partition' | 'accountId'>,
): readonly string[] =>
  caller.kind === 'direct' ? caller.principals : [roleArn(partition, accountId, doorRoleName(stage, name))]

const admits = ({ Statement }: PolicyDocument, signer: string, arn: string): boolean => {
  const { partition, accountId } = partsOfArn(signer)
  const names = ['*', accountId, `arn:${partition}:iam::${accountId}:root`, signer]
  const speaking = Statement.filter((one) => coversAction(one, action) && coversResource(one, arn)).filter((one) =>
    awsPrincipals(one).some((principal) => names.includes(principal)),
  )
  const allowed = speaking.some((one) => {
    const values = conditionValues(one, ['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'], 'aws:PrincipalArn')
    return one.Effect === 'Allow' && (values === undefined || values.includes(signer))
  })
  const denied = speaking.some((one) => {
    const spared = conditionValues(
      one,
      ['ArnNotEquals', 'ArnNotLike', 'StringNotEquals', 'StringNotLike'],
      'aws:PrincipalArn',
    )
    return one.Effect === 'Deny' && !spared?.includes(signer)
  })
  return allowed && !denied
}

/** What the map derives, put into the API by hand and deployed, where the next deployment would not see the difference. */
const saveAndDeploy = async (patient: Patient, apiId: string) => {
  const { order, derived, place } = patient
  if (order.world.kind === 'local') return [deployAgain(patient)]
  const { partition, accountId } = await place()
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
    ...putBack(patient, `aws apigateway update-rest-api --rest-api-id ${apiId} --patch-operations ${operations}`),
    ...putBack(patient, createDeployment(apiId, order.stage)),
  ]
}
