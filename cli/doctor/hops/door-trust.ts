import { type AccountCaller, type SnowflakeCaller, trustedPrincipals } from '../../../shared/access/index.ts'
import { awsPrincipals, conditionValues, coversAction, type Role } from '../aws/index.ts'
import { type Failure, failed } from '../finding.ts'
import { putBack, shellQuoted } from '../mends.ts'
import type { Patient } from '../patient.ts'

const assumed = 'sts:AssumeRole'

/** Where the trust of a door is not what the map says of its caller; undefined when it is. */
export const wrongTrust = async (
  roleName: string,
  caller: SnowflakeCaller | AccountCaller,
  { trust }: Role,
  patient: Patient,
): Promise<Failure | undefined> => {
  const speaking = trust.Statement.filter((statement) => coversAction(statement, assumed))
  const entering = speaking.filter(({ Effect }) => Effect === 'Allow')
  const wanted = trustedPrincipals(caller)
  const there = [...new Set(entering.flatMap(awsPrincipals))]
  const evidence = [
    ...without(wanted, there).map(
      (arn) => `the trust policy of ${roleName} lacks ${arn}, which is in ${patient.mapName}`,
    ),
    ...without(there, wanted).map(
      (arn) =>
        `the trust policy of ${roleName} has ${arn}${/^A(ROA|IDA)/.test(arn) ? ' (id of a deleted principal)' : ''}, which is not in ${patient.mapName}`,
    ),
    ...speaking
      .filter(({ Effect }) => Effect === 'Deny')
      .map(({ Sid }) => `the trust policy of ${roleName} has a Deny statement: ${String(Sid ?? '(no Sid)')}`),
  ]
  const mend = () => trustAgain(roleName, patient)
  if (evidence.length > 0) return failed('caller-role-principal-wrong', { evidence, mend: await mend() })

  const ids = entering.map(
    (statement) =>
      conditionValues(statement, ['StringEquals', 'StringLike', 'ForAnyValue:StringEquals'], 'sts:ExternalId') ?? [],
  )
  const asked = [...new Set(ids.flat())]
  const idEvidence = [
    ...without(caller.externalIds, asked).map(
      (id) => `the trust policy of ${roleName} lacks external id ${id}, which is in ${patient.mapName}`,
    ),
    ...without(asked, caller.externalIds).map(
      (id) => `the trust policy of ${roleName} has external id ${id}, which is not in ${patient.mapName}`,
    ),
  ]
  if (idEvidence.length === 0) return undefined
  // Who is on the map without an id shows none.
  const cause = caller.externalIds.length === 0 ? 'external-id-missing' : 'external-id-wrong'
  return failed(cause, { evidence: idEvidence, mend: await mend() })
}

const without = (all: readonly string[], some: readonly string[]) => all.filter((one) => !some.includes(one))

/** The trust that the map derives refers to nothing, and can be written as it is. */
const trustAgain = async (roleName: string, patient: Patient) => {
  const { resources } = await patient.derived()
  const wanted = [...resources.values()].find(({ Properties }) => Properties['RoleName'] === roleName)
  const document = shellQuoted(JSON.stringify(wanted?.Properties['AssumeRolePolicyDocument']))
  return putBack(patient, `aws iam update-assume-role-policy --role-name ${roleName} --policy-document ${document}`)
}
