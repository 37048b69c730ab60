import { AccessMapError, type Stage } from '../shared/access/index.ts'
import { type KeyPairLogin, writeLogin } from '../shared/snowflake/index.ts'
import { policyDocument, type Statement, type Sub, sub } from './cloudformation.ts'

/** The function that logs in to Snowflake. */
const probeFunction = 'snowflake-probe'

/** What serverless.yml says of the function that logs in, and of no other. */
export const loginSettings = (functionName: string, { snowflake }: Stage, region: string) =>
  functionName === probeFunction && snowflake ? { environment: writeLogin(snowflake, region) } : {}

/** What its role may do for the login: nothing at all where the role itself is the login. */
export const loginPolicies = (functionName: string, { snowflake }: Stage) => {
  if (functionName !== probeFunction || !snowflake) return []
  const statements =
    snowflake.login === 'key-pair' ? readSecrets(snowflake, 'ssm:GetParameter') : proveIdentity(snowflake)
  return statements.length === 0 ? [] : [{ PolicyName: 'snowflake', PolicyDocument: policyDocument(...statements) }]
}

/** The two parameters; and the key that they lie under, for nothing but them, where it is not the one that AWS manages. */
export const readSecrets = (
  { privateKey, passphrase, kmsKeyArn }: KeyPairLogin,
  action: string,
): readonly Statement[] => {
  const parameters = [privateKey, passphrase].map(parameterArn)
  const read: Statement = { Sid: 'ReadKeyPair', Effect: 'Allow', Action: action, Resource: parameters }
  if (kmsKeyArn === undefined) return [read]
  // https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
  const condition = {
    'kms:ViaService': sub('ssm.${AWS::Region}.amazonaws.com'),
    'kms:EncryptionContext:PARAMETER_ARN': parameters,
  }
  return [
    read,
    {
      Sid: 'DecryptKeyPair',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: kmsKeyArn,
      Condition: { StringEquals: condition },
    },
  ]
}

/** The slash that a name begins with is not doubled. */
export const parameterArn = (name: string): Sub =>
  sub(`arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${name}`)

const proveIdentity = ({
  webIdentityToken,
  impersonate: [first] = [],
}: Exclude<NonNullable<Stage['snowflake']>, KeyPairLogin>): readonly Statement[] => {
  // A role further down is assumed by the one before it, and by its word.
  if (first !== undefined) {
    return [{ Sid: 'ImpersonateFirst', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: first }]
  }
  if (!webIdentityToken) return []
  return [
    {
      Sid: 'TokenForSnowflake',
      Effect: 'Allow',
      Action: 'sts:GetWebIdentityToken',
      // The action knows no resource; it is narrowed by what the token is for.
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['snowflakecomputing.com'] } },
    },
  ]
}

/** Refuses a stage whose callers may have the service log in, and that does not say where. */
export const checkLogin = ({ callers, snowflake }: Stage): void => {
  const [caller] =
    [...callers].find(([, { routes }]) => routes.some(({ functionName }) => functionName === probeFunction)) ?? []
  if (caller === undefined || snowflake) return
  throw new AccessMapError(
    `the caller ${caller} may call /${probeFunction}, and there is no Snowflake to log in to: write snowflake, with account and login, beside callers`,
  )
}
