import { AccessMapError, type Stage } from '../../shared/access/index.ts'
import { type KeyPairLogin, toLoginVariables } from '../../shared/snowflake/index.ts'
import { policyDocument, type Statement, type Sub, sub } from './cloudformation.ts'

/** The function that logs in to Snowflake. */
const probeFunction = 'snowflake-probe'

/** Settings in serverless.yml of the function that logs in. */
export const loginSettings = (functionName: string, { snowflake }: Stage, region: string) =>
  functionName === probeFunction && snowflake ? { environment: toLoginVariables(snowflake, region) } : {}

/** Permissions of its role for the login: none if the role itself is the workload identity. */
export const loginPolicies = (functionName: string, { snowflake }: Stage) => {
  if (functionName !== probeFunction || !snowflake) return []
  const statements =
    snowflake.login === 'key-pair'
      ? keyPairStatements(snowflake, 'ssm:GetParameter')
      : workloadIdentityStatements(snowflake)
  return statements.length === 0 ? [] : [{ PolicyName: 'snowflake', PolicyDocument: policyDocument(...statements) }]
}

/** Read access to both parameters, and decryption of only these parameters if they use a customer managed key. */
export const keyPairStatements = (
  { privateKey, passphrase, kmsKeyArn }: KeyPairLogin,
  action: string,
): readonly Statement[] => {
  const parameters = [privateKey, passphrase].map(parameterArn)
  const readStatement: Statement = { Sid: 'ReadKeyPair', Effect: 'Allow', Action: action, Resource: parameters }
  if (kmsKeyArn === undefined) return [readStatement]
  // https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
  const condition = {
    'kms:ViaService': sub('ssm.${AWS::Region}.amazonaws.com'),
    'kms:EncryptionContext:PARAMETER_ARN': parameters,
  }
  return [
    readStatement,
    {
      Sid: 'DecryptKeyPair',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: kmsKeyArn,
      Condition: { StringEquals: condition },
    },
  ]
}

/** The parameter name begins with a slash. */
export const parameterArn = (name: string): Sub =>
  sub(`arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${name}`)

const workloadIdentityStatements = ({
  webIdentityToken,
  impersonate: [firstRole] = [],
}: Exclude<NonNullable<Stage['snowflake']>, KeyPairLogin>): readonly Statement[] => {
  // Each further role is assumed by the role before it, with that role's permissions.
  if (firstRole !== undefined) {
    return [{ Sid: 'AssumeFirstRole', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: firstRole }]
  }
  if (!webIdentityToken) return []
  return [
    {
      Sid: 'GetTokenForSnowflake',
      Effect: 'Allow',
      Action: 'sts:GetWebIdentityToken',
      // The action has no resource; a condition restricts the token's audience.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['snowflakecomputing.com'] } },
    },
  ]
}

/** Rejects a stage whose callers may call the probe, but which has no Snowflake login. */
export const checkLogin = ({ callers, snowflake }: Stage): void => {
  const [caller] =
    [...callers].find(([, { routes }]) => routes.some(({ functionName }) => functionName === probeFunction)) ?? []
  if (caller === undefined || snowflake) return
  throw new AccessMapError(
    `the caller ${caller} may call /${probeFunction}, and the stage has no Snowflake login: add snowflake, with account and login, next to callers`,
  )
}
