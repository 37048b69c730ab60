import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import { keyPair } from '../../../shared/credentials/index.ts'
import type { KeyPairLogin, WorkloadIdentityLogin } from '../../../shared/snowflake/index.ts'
import { identityOf } from '../../setup/index.ts'
import { CannotTell, type Failure, failed, passed, sql } from '../finding.ts'
import type { Hop } from '../hop.ts'
import type { Patient } from '../patient.ts'
import { type Identity, identitiesOf, type Look, type Properties } from '../snowflake/index.ts'

/** The Snowflake user that the service logs in as: it is there, enabled, has the role, and is who logs in. */
export const serviceUser: Hop = {
  id: 'service-user',
  title: 'service user in Snowflake',
  needs: ['parameters', 'template'],
  check: async (patient) => {
    const { snowflake: login } = patient.map()
    if (!login) return passed('none is needed: the service logs in to no Snowflake')
    const look = patient.snowflake()
    const user = await look.describe(`USER "${login.user}"`)
    if (!user) return missing(login, patient)
    return (
      disabled(login.user, user) ??
      (login.login === 'key-pair' ? namedOtherwise(login.user, user) : undefined) ??
      (await lacksRole(login.user, login.role, look)) ??
      (await (login.login === 'key-pair' ? lacksKey(login, user, patient) : lacksIdentity(login, look, patient))) ??
      passed(`${login.user}, ${login.login}`)
    )
  },
}

const missing = async (login: KeyPairLogin | WorkloadIdentityLogin, patient: Patient): Promise<Failure> => {
  const create = `CREATE USER IF NOT EXISTS "${login.user}" TYPE = SERVICE`
  const proof =
    login.login === 'key-pair'
      ? `RSA_PUBLIC_KEY = '${bodyOf(await storedKey(login, patient))}'`
      : `WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${await arnOf(login, patient)}')`
  return failed('user-missing', {
    evidence: [`Snowflake has no user ${login.user}, or does not show it to whoever looks`],
    mend: [sql(`${create}; ALTER USER "${login.user}" SET ${proof}`)],
  })
}

const disabled = (name: string, user: Properties): Failure | undefined =>
  user.get('DISABLED')?.toLowerCase() !== 'true'
    ? undefined
    : failed('user-disabled', {
        evidence: [`DESC USER ${name} shows DISABLED true`],
        mend: [sql(`ALTER USER "${name}" SET DISABLED = FALSE`)],
      })

/** A token of a key pair names the user by its LOGIN_NAME. */
const namedOtherwise = (name: string, user: Properties): Failure | undefined => {
  const loginName = user.get('LOGIN_NAME') ?? name
  return loginName.toUpperCase() === name
    ? undefined
    : failed('user-name-not-login-name', {
        evidence: [`the map has ${name} log in, whose LOGIN_NAME is ${loginName}`],
        mend: [sql(`ALTER USER "${name}" SET LOGIN_NAME = '${name}'`)],
      })
}

const lacksRole = async (name: string, role: string | undefined, { list }: Look): Promise<Failure | undefined> => {
  if (role === undefined || role === 'PUBLIC') return undefined
  const grants = await list(`SHOW GRANTS TO USER "${name}"`)
  if (!grants || grants.some((grant) => grant['role'] === role || grant['name'] === role)) return undefined
  return failed('user-role-not-granted', {
    evidence: [`the map has ${name} log in with ${role}, which it has not been granted`],
    mend: [sql(`GRANT ROLE "${role}" TO USER "${name}"`)],
  })
}

/** The role that logs in: that of the function, or the last that it impersonates. */
const arnOf = async (login: WorkloadIdentityLogin, { deployedApi }: Patient): Promise<string> =>
  identityOf(login, await deployedApi())

const lacksIdentity = async (
  login: WorkloadIdentityLogin,
  look: Look,
  patient: Patient,
): Promise<Failure | undefined> => {
  const arn = await arnOf(login, patient)
  const [, partition, , , accountId, roleName] = arn.split(/:(?:role\/)?/)
  const held = await identitiesOf(`"${login.user}"`, look)
  const own = held.find(
    (one) => one.partition === partition && one.accountId === accountId && one.roleName === roleName,
  )
  const set = (issuer = '') => [
    sql(`ALTER USER "${login.user}" SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${arn}'${issuer})`),
  ]
  if (own) {
    if (!login.webIdentityToken || own.issuer !== undefined) return undefined
    const issuer = await patient.issuer()
    return failed('web-identity-issuer-missing', {
      evidence: [`${login.user} has ${arn} and no issuer, and the map has it show tokens`],
      mend: set(` ISSUER = '${issuer ?? '<issuer>'}'`),
    })
  }
  const [first] = held
  if (!first) return takenOrMissing(login.user, arn, look, set())
  const isPath = first.accountId === accountId && /^(?:service-role|aws-service-role)$/.test(first.roleName ?? '')
  return failed(isPath ? 'role-path-in-arn' : 'user-identity-wrong', {
    evidence: [`${login.user} is ${describeIdentity(first)}, and who logs in is ${arn}`],
    mend: set(),
  })
}

const describeIdentity = ({ accountId, roleName, partition }: Identity): string =>
  `${roleName === undefined ? 'a user' : `the role ${roleName}`} of account ${accountId} in ${partition}`

/** The view is up to two hours late: what it does not have may be there all the same. */
const takenOrMissing = async (user: string, arn: string, { list }: Look, mend: Failure['mend']): Promise<Failure> => {
  const [, , , , accountId = '', roleName = ''] = arn.split(/:(?:role\/)?/)
  const rows =
    (await list(
      "SELECT user_name, additional_details FROM snowflake.account_usage.credentials WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD'",
    ).catch((error: unknown) => {
      if (error instanceof CannotTell) return undefined
      throw error
    })) ?? []
  const other = rows.find(
    ({ user_name: name, additional_details: details = '' }) =>
      name !== user && details.includes(`"${accountId}"`) && details.includes(`"${roleName}"`),
  )?.['user_name']
  if (other === undefined) {
    return failed('user-missing', { evidence: [`${user} has no workload identity`], mend })
  }
  return failed('identity-taken', {
    evidence: [`${arn} is the workload identity of ${other} already, and ${user} has none`],
    mend: [sql(`ALTER USER "${other}" UNSET WORKLOAD_IDENTITY`), ...mend],
  })
}

const lacksKey = async (login: KeyPairLogin, user: Properties, patient: Patient): Promise<Failure | undefined> => {
  const known = ['RSA_PUBLIC_KEY_FP', 'RSA_PUBLIC_KEY_2_FP'].flatMap((property) => user.get(property) ?? [])
  const key = await storedKey(login, patient)
  const fingerprint = `SHA256:${hash('sha256', derOf(key), 'base64')}`
  if (known.includes(fingerprint)) return undefined
  const place = known.length > 0 ? 'RSA_PUBLIC_KEY_2' : 'RSA_PUBLIC_KEY'
  return failed(known.length > 0 ? 'key-rotated' : 'public-key-missing', {
    evidence: [`${login.user} knows ${known.join(' and ') || 'no key'}, and ${login.privateKey} is ${fingerprint}`],
    mend: [sql(`ALTER USER "${login.user}" SET ${place} = '${bodyOf(key)}'`)],
  })
}

/** Its hop has found both parameters to be one key. */
const storedKey = async ({ privateKey, passphrase }: KeyPairLogin, patient: Patient): Promise<KeyObject> => {
  const [key, phrase] = await Promise.all([patient.parameter(privateKey), patient.parameter(passphrase)])
  if (!('value' in key) || !('value' in phrase)) throw new CannotTell('the parameters cannot be read')
  const variables = { SECRET_KEY: key.value, PRIVATE_KEY_PASSPHRASE: phrase.value }
  return keyPair({ variables }).privateKey(AbortSignal.timeout(10_000))
}

const derOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' })
const bodyOf = (key: KeyObject): string => derOf(key).toString('base64')
