import type { KeyObject } from 'node:crypto'
import { parseArn } from '../../shared/access/index.ts'
import { createKeyPairReader } from '../../shared/aws/key-pair-reader.ts'
import { type KeyPairLogin, toSnowflakePublicKey, type WorkloadIdentityLogin } from '../../shared/snowflake/index.ts'
import { InconclusiveError } from '../command-failure.ts'
import { publicKeyProperties } from '../keypair/public-keys.ts'
import { loginRoleArn } from '../setup/service-user-script.ts'
import { type WorkloadIdentity, workloadIdentitiesOf } from '../snowflake/identity-readers.ts'
import type { ObjectProperties, SnowflakeReader } from '../snowflake/snowflake-reader.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type CheckFailure, command, edit, failed, passed, sql } from './finding.ts'

/** The Snowflake user that the service logs in as: it is there, enabled, has the role, and is who logs in. */
export const serviceUserCheck: Check = {
  id: 'service-user',
  title: 'Snowflake service user',
  needs: ['parameters', 'template'],
  inspect: async (context) => {
    const { snowflake: login } = context.map()
    if (!login) return passed('not needed: the stage has no Snowflake login')
    const reader = context.snowflakeReader()
    const user = await reader.describe(`USER "${login.user}"`)
    if (!user) return userMissing(login, context)
    return (
      findDisabledFault(login.user, user) ??
      (login.login === 'key-pair' ? findLoginNameFault(login.user, user) : undefined) ??
      (await findRoleFault(login.user, login.role, reader)) ??
      (await (login.login === 'key-pair'
        ? findKeyFault(login, user, context)
        : findIdentityFault(login, reader, context))) ??
      passed(`${login.user}, ${login.login}`)
    )
  },
}

const userMissing = async (
  login: KeyPairLogin | WorkloadIdentityLogin,
  context: DoctorContext,
): Promise<CheckFailure> => {
  const create = `CREATE USER IF NOT EXISTS "${login.user}" TYPE = SERVICE`
  const evidence = [`user ${login.user} does not exist, or this user cannot see it`]
  if (login.login === 'key-pair') {
    const { body } = toSnowflakePublicKey(await storedKey(login, context))
    const fixes = [sql(`${create}; ALTER USER "${login.user}" SET RSA_PUBLIC_KEY = '${body}'`)]
    return failed('user-name-not-login-name', { evidence, fixes })
  }
  const issuer = await tokenIssuerOf(login, context)
  if (typeof issuer === 'object') return issuer
  return failed('user-missing', {
    evidence,
    fixes: [sql(`${create}; ${setIdentitySql(login.user, await expectedRoleArn(login, context), issuer)}`)],
  })
}

const setIdentitySql = (user: string, arn: string, issuer: string | undefined): string =>
  `ALTER USER "${user}" SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${arn}'${issuer === undefined ? '' : ` ISSUER = '${issuer}'`})`

/** Of the tokens that the map has the login show; undefined where it shows none. */
const tokenIssuerOf = async (
  login: WorkloadIdentityLogin,
  context: DoctorContext,
): Promise<string | undefined | CheckFailure> => {
  if (!login.webIdentityToken) return undefined
  const { accountId } = parseArn(await expectedRoleArn(login, context))
  if (accountId !== (await context.location()).accountId) {
    throw new InconclusiveError(`the token issuer of account ${accountId} is unknown`)
  }
  const issuer = await context.issuer()
  if (issuer !== undefined) return issuer
  return failed('web-identity-disabled', {
    evidence: [`account ${accountId} does not issue web identity tokens, but the access map sets webIdentityToken`],
    fixes: [command('aws iam enable-outbound-web-identity-federation')],
  })
}

const findDisabledFault = (name: string, user: ObjectProperties): CheckFailure | undefined =>
  user.get('DISABLED')?.toLowerCase() !== 'true'
    ? undefined
    : failed('user-disabled', {
        evidence: [`DESC USER ${name} shows DISABLED true`],
        fixes: [sql(`ALTER USER "${name}" SET DISABLED = FALSE`)],
      })

/** A token of a key pair names the user by its LOGIN_NAME. */
const findLoginNameFault = (name: string, user: ObjectProperties): CheckFailure | undefined => {
  const loginName = user.get('LOGIN_NAME') ?? name
  return loginName.toUpperCase() === name
    ? undefined
    : failed('user-name-not-login-name', {
        evidence: [`user ${name} has LOGIN_NAME ${loginName}; the login uses ${name}`],
        fixes: [sql(`ALTER USER "${name}" SET LOGIN_NAME = '${name}'`)],
      })
}

const findRoleFault = async (
  name: string,
  role: string | undefined,
  { list }: SnowflakeReader,
): Promise<CheckFailure | undefined> => {
  if (role === undefined || role === 'PUBLIC') return undefined
  const grants = await list(`SHOW GRANTS TO USER "${name}"`)
  if (!grants || grants.some((grant) => grant['role'] === role || grant['name'] === role)) return undefined
  return failed('user-role-not-granted', {
    evidence: [`user ${name} does not have role ${role}, which the access map names`],
    fixes: [sql(`GRANT ROLE "${role}" TO USER "${name}"`)],
  })
}

/** The role that logs in: that of the function, or the last that it impersonates. */
const expectedRoleArn = async (login: WorkloadIdentityLogin, { deployedApi }: DoctorContext): Promise<string> =>
  loginRoleArn(login, await deployedApi())

const findIdentityFault = async (
  login: WorkloadIdentityLogin,
  reader: SnowflakeReader,
  context: DoctorContext,
): Promise<CheckFailure | undefined> => {
  const arn = await expectedRoleArn(login, context)
  const issuer = await tokenIssuerOf(login, context)
  if (typeof issuer === 'object') return issuer
  const { partition, accountId } = parseArn(arn)
  const roleName = roleNameOf(arn)
  const fixes = [sql(setIdentitySql(login.user, arn, issuer))]
  const identities = await workloadIdentitiesOf(`"${login.user}"`, reader)
  const own = identities.find(
    (one) => one.partition === partition && one.accountId === accountId && one.roleName === roleName,
  )
  if (own) {
    if (issuer === undefined || own.issuer === issuer) return undefined
    return failed('web-identity-issuer-missing', {
      evidence: [`${login.user} has ${own.issuer ?? 'no issuer'}; the tokens come from ${issuer}`],
      fixes,
    })
  }
  const [first] = identities
  if (!first) return identityTakenOrMissing(login.user, arn, reader, fixes)
  const isPath = first.accountId === accountId && /^(?:service-role|aws-service-role)$/.test(first.roleName ?? '')
  return failed(isPath ? 'role-path-in-arn' : 'user-identity-wrong', {
    evidence: [`${login.user} is bound to ${describeIdentity(first)}; the service logs in as ${arn}`],
    fixes,
  })
}

const roleNameOf = (arn: string): string => arn.replace(/^.*\//, '')

const describeIdentity = ({ accountId, roleName, partition }: WorkloadIdentity): string =>
  `${roleName === undefined ? 'a user' : `role ${roleName}`} of account ${accountId} (${partition})`

/** The view is up to two hours late: what it does not have may be there all the same. */
const identityTakenOrMissing = async (
  user: string,
  arn: string,
  { list }: SnowflakeReader,
  fixes: CheckFailure['fixes'],
): Promise<CheckFailure> => {
  const { accountId } = parseArn(arn)
  const roleName = roleNameOf(arn)
  const rows =
    (await list(
      "SELECT user_name, additional_details FROM snowflake.account_usage.credentials WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD'",
    ).catch((error: unknown) => {
      if (error instanceof InconclusiveError) return undefined
      throw error
    })) ?? []
  const other = rows.find(
    ({ user_name: name, additional_details: details = '' }) =>
      name !== user && details.includes(`"${accountId}"`) && details.includes(`"${roleName}"`),
  )?.['user_name']
  if (other === undefined) {
    return failed('user-missing', { evidence: [`${user} has no workload identity`], fixes })
  }
  return failed('identity-taken', {
    evidence: [`${arn} is already the workload identity of ${other}; ${user} has none`],
    fixes: [sql(`ALTER USER "${other}" UNSET WORKLOAD_IDENTITY`), ...fixes],
  })
}

const findKeyFault = async (
  login: KeyPairLogin,
  user: ObjectProperties,
  context: DoctorContext,
): Promise<CheckFailure | undefined> => {
  const registeredFingerprints = publicKeyProperties.flatMap((location) => user.get(`${location}_FP`) ?? [])
  const { body, fingerprint } = toSnowflakePublicKey(await storedKey(login, context))
  if (registeredFingerprints.includes(fingerprint)) return undefined
  const freeProperty = publicKeyProperties.find((location) => !user.has(`${location}_FP`))
  return failed(registeredFingerprints.length > 0 ? 'key-rotated' : 'public-key-missing', {
    evidence: [
      `${login.user} has ${registeredFingerprints.join(' and ') || 'no key'} registered; ${login.privateKey} has ${fingerprint}`,
    ],
    fixes: freeProperty
      ? [sql(`ALTER USER "${login.user}" SET ${freeProperty} = '${body}'`)]
      : [edit(`Both public key properties of ${login.user} are in use: UNSET the unused one and run the check again`)],
  })
}

/** The parameters check has passed: both parameters are one key pair. */
const storedKey = async ({ privateKey, passphrase }: KeyPairLogin, context: DoctorContext): Promise<KeyObject> => {
  const [key, phrase] = await Promise.all([context.parameter(privateKey), context.parameter(passphrase)])
  if (!('value' in key) || !('value' in phrase)) throw new InconclusiveError('cannot read the parameters')
  const variables = { SECRET_KEY: key.value, PRIVATE_KEY_PASSPHRASE: phrase.value }
  return createKeyPairReader({ variables }).getPrivateKey(AbortSignal.timeout(10_000))
}
