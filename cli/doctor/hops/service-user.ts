import type { KeyObject } from 'node:crypto'
import { partsOfArn } from '../../../shared/access/index.ts'
import { keyPair } from '../../../shared/credentials/index.ts'
import { type KeyPairLogin, publicHalfOf, type WorkloadIdentityLogin } from '../../../shared/snowflake/index.ts'
import { places } from '../../keypair/index.ts'
import { identityOf } from '../../setup/index.ts'
import { CannotTell, command, edit, type Failure, failed, passed, sql } from '../finding.ts'
import type { Hop } from '../hop.ts'
import type { Patient } from '../patient.ts'
import { type Identity, identitiesOf, type Look, type Properties } from '../snowflake/index.ts'

/** The Snowflake user that the service logs in as: it is there, enabled, has the role, and is who logs in. */
export const serviceUser: Hop = {
  id: 'service-user',
  title: 'Snowflake service user',
  needs: ['parameters', 'template'],
  check: async (patient) => {
    const { snowflake: login } = patient.map()
    if (!login) return passed('not needed: the stage has no Snowflake login')
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
  const evidence = [`user ${login.user} does not exist, or this user cannot see it`]
  if (login.login === 'key-pair') {
    const { body } = publicHalfOf(await storedKey(login, patient))
    const mend = [sql(`${create}; ALTER USER "${login.user}" SET RSA_PUBLIC_KEY = '${body}'`)]
    return failed('user-name-not-login-name', { evidence, mend })
  }
  const issuer = await issuerOf(login, patient)
  if (typeof issuer === 'object') return issuer
  return failed('user-missing', {
    evidence,
    mend: [sql(`${create}; ${setIdentity(login.user, await arnOf(login, patient), issuer)}`)],
  })
}

const setIdentity = (user: string, arn: string, issuer: string | undefined): string =>
  `ALTER USER "${user}" SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${arn}'${issuer === undefined ? '' : ` ISSUER = '${issuer}'`})`

/** Of the tokens that the map has the login show; undefined where it shows none. */
const issuerOf = async (login: WorkloadIdentityLogin, patient: Patient): Promise<string | undefined | Failure> => {
  if (!login.webIdentityToken) return undefined
  const { accountId } = partsOfArn(await arnOf(login, patient))
  if (accountId !== (await patient.place()).accountId) {
    throw new CannotTell(`the token issuer of account ${accountId} is unknown`)
  }
  const issuer = await patient.issuer()
  if (issuer !== undefined) return issuer
  return failed('web-identity-disabled', {
    evidence: [`account ${accountId} does not issue web identity tokens, but the access map sets webIdentityToken`],
    mend: [command('aws iam enable-outbound-web-identity-federation')],
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
        evidence: [`user ${name} has LOGIN_NAME ${loginName}; the login uses ${name}`],
        mend: [sql(`ALTER USER "${name}" SET LOGIN_NAME = '${name}'`)],
      })
}

const lacksRole = async (name: string, role: string | undefined, { list }: Look): Promise<Failure | undefined> => {
  if (role === undefined || role === 'PUBLIC') return undefined
  const grants = await list(`SHOW GRANTS TO USER "${name}"`)
  if (!grants || grants.some((grant) => grant['role'] === role || grant['name'] === role)) return undefined
  return failed('user-role-not-granted', {
    evidence: [`user ${name} does not have role ${role}, which the access map names`],
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
  const issuer = await issuerOf(login, patient)
  if (typeof issuer === 'object') return issuer
  const { partition, accountId } = partsOfArn(arn)
  const roleName = roleNameOf(arn)
  const mend = [sql(setIdentity(login.user, arn, issuer))]
  const held = await identitiesOf(`"${login.user}"`, look)
  const own = held.find(
    (one) => one.partition === partition && one.accountId === accountId && one.roleName === roleName,
  )
  if (own) {
    if (issuer === undefined || own.issuer === issuer) return undefined
    return failed('web-identity-issuer-missing', {
      evidence: [`${login.user} has ${own.issuer ?? 'no issuer'}; the tokens come from ${issuer}`],
      mend,
    })
  }
  const [first] = held
  if (!first) return takenOrMissing(login.user, arn, look, mend)
  const isPath = first.accountId === accountId && /^(?:service-role|aws-service-role)$/.test(first.roleName ?? '')
  return failed(isPath ? 'role-path-in-arn' : 'user-identity-wrong', {
    evidence: [`${login.user} is bound to ${describeIdentity(first)}; the service logs in as ${arn}`],
    mend,
  })
}

const roleNameOf = (arn: string): string => arn.replace(/^.*\//, '')

const describeIdentity = ({ accountId, roleName, partition }: Identity): string =>
  `${roleName === undefined ? 'a user' : `role ${roleName}`} of account ${accountId} (${partition})`

/** The view is up to two hours late: what it does not have may be there all the same. */
const takenOrMissing = async (user: string, arn: string, { list }: Look, mend: Failure['mend']): Promise<Failure> => {
  const { accountId } = partsOfArn(arn)
  const roleName = roleNameOf(arn)
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
    evidence: [`${arn} is already the workload identity of ${other}; ${user} has none`],
    mend: [sql(`ALTER USER "${other}" UNSET WORKLOAD_IDENTITY`), ...mend],
  })
}

const lacksKey = async (login: KeyPairLogin, user: Properties, patient: Patient): Promise<Failure | undefined> => {
  const known = places.flatMap((place) => user.get(`${place}_FP`) ?? [])
  const { body, fingerprint } = publicHalfOf(await storedKey(login, patient))
  if (known.includes(fingerprint)) return undefined
  const free = places.find((place) => !user.has(`${place}_FP`))
  return failed(known.length > 0 ? 'key-rotated' : 'public-key-missing', {
    evidence: [
      `${login.user} has ${known.join(' and ') || 'no key'} registered; ${login.privateKey} has ${fingerprint}`,
    ],
    mend: free
      ? [sql(`ALTER USER "${login.user}" SET ${free} = '${body}'`)]
      : [edit(`Both public key properties of ${login.user} are in use: UNSET the unused one and run the check again`)],
  })
}

/** Its hop has found both parameters to be one key. */
const storedKey = async ({ privateKey, passphrase }: KeyPairLogin, patient: Patient): Promise<KeyObject> => {
  const [key, phrase] = await Promise.all([patient.parameter(privateKey), patient.parameter(passphrase)])
  if (!('value' in key) || !('value' in phrase)) throw new CannotTell('cannot read the parameters')
  const variables = { SECRET_KEY: key.value, PRIVATE_KEY_PASSPHRASE: phrase.value }
  return keyPair({ variables }).privateKey(AbortSignal.timeout(10_000))
}
