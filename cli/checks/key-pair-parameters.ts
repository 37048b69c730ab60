import { createKeyPairReader } from '../../shared/aws/key-pair-reader.ts'
import type { CauseId } from '../../shared/diagnoses/index.ts'
import { ServiceError } from '../../shared/errors/service-error.ts'
import { InconclusiveError } from '../command-failure.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type CheckFailure, command, edit, type Finding, type FixStep, failed, passed } from './finding.ts'
import { backendFlags, mapFlag, redeploy, useAdminFix } from './fixes.ts'

/** Where the service logs in with a key pair: both parameters are there, can be decrypted, and make one key. */
export const parametersCheck: Check = {
  id: 'parameters',
  title: 'key pair parameters',
  needs: ['map', 'identity'],
  inspect: async (context) => {
    const { snowflake } = context.map()
    if (snowflake?.login !== 'key-pair') return passed('not needed: the service does not use a key pair')
    const key = await readParameter(snowflake.privateKey, context)
    if ('outcome' in key) return key
    const phrase = await readParameter(snowflake.passphrase, context)
    if ('outcome' in phrase) return phrase
    return inspectKeyPair(key, phrase, snowflake, context)
  },
}

interface ParameterNames {
  readonly privateKey: string
  readonly passphrase: string
}

interface StoredParameter {
  readonly value: string
  readonly type: string
}

const readParameter = async (name: string, context: DoctorContext): Promise<CheckFailure | StoredParameter> => {
  const found = await context.parameter(name)
  if ('value' in found) return found
  const { region } = await context.account()
  const { code, message } = found.rejection
  const evidence = [`GetParameter of ${name} in ${region} returned ${code}: ${message}`]
  const cause = causeOfCode(code)
  if (cause === undefined) throw new InconclusiveError(evidence.join(''))
  return failed(cause, { evidence, fixes: fixesFor(cause, context, region) })
}

/** An error that concerns the credentials of the doctor only: the login check covers those of the function. */
const causeOfCode = (code: string): CauseId | undefined => {
  if (code === 'ParameterNotFound') return 'parameter-missing'
  if (code === 'ParameterVersionNotFound' || code === 'ValidationException') return 'parameter-name-wrong'
  return code === 'InvalidKeyId' ? 'parameter-key-disabled' : undefined
}

const fixesFor = (cause: CauseId, context: DoctorContext, region: string): readonly FixStep[] => {
  const { mapName, lineOf, options } = context
  if (cause === 'parameter-missing') return [createKeyPairFix(context)]
  const { snowflake } = context.map()
  if (cause === 'parameter-key-disabled') {
    const key = snowflake?.login === 'key-pair' ? snowflake.kmsKeyArn : undefined
    return [command(`aws kms enable-key --key-id ${key ?? '<key>'} --region ${region}`)]
  }
  const line = lineOf([options.stage, 'snowflake'])
  return [
    edit(`${mapName}:${line}  under snowflake set privateKey and passphrase to the names in Parameter Store`),
    redeploy(context),
  ]
}

/** Makes the pair, stores both halves of the secret under the names of the map, and has Snowflake know the public one. */
const createKeyPairFix = ({ options, mapName }: DoctorContext): FixStep =>
  command(`npx snowgate keypair --run --stage ${options.stage}${mapFlag(mapName)}${backendFlags(options)}`)

/** From a file: a shell would show it, and keep it. */
const putParameterFixes = (
  name: string,
  { options }: Pick<DoctorContext, 'options'>,
  region: string,
): readonly FixStep[] => {
  const file = /passphrase/.test(name) ? 'passphrase.txt' : 'rsa_key.p8'
  return [
    // The AWS CLI goes to the stack then.
    ...(options.backend.kind === 'local' ? [useAdminFix(options.backend)] : []),
    command(
      `aws ssm put-parameter --overwrite --type SecureString --name ${name} --value file://${file} --region ${region}`,
    ),
  ]
}

const inspectKeyPair = async (
  key: StoredParameter,
  passphrase: StoredParameter,
  { privateKey, passphrase: passphraseName }: ParameterNames,
  context: DoctorContext,
): Promise<Finding> => {
  try {
    await createKeyPairReader({
      variables: { SECRET_KEY: key.value, PRIVATE_KEY_PASSPHRASE: passphrase.value },
    }).getPrivateKey(AbortSignal.timeout(10_000))
    const plain = [key, passphrase].some(({ type }) => type !== 'SecureString')
    return passed(
      `${privateKey} and ${passphraseName} are a valid RSA key pair`,
      ...(plain ? ['warning: one parameter is not a SecureString and can be read without decryption'] : []),
    )
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const { region } = await context.account()
    const ofPassphrase = error.code === 'PASSPHRASE_WRONG' || error.code === 'PASSPHRASE_MISSING'
    const name = ofPassphrase ? passphraseName : privateKey
    return failed(causeOfKey(error), {
      evidence: [`${name}: ${error.message}`],
      fixes: putParameterFixes(name, context, region),
    })
  }
}

const causeOfKey = ({ code, message }: ServiceError): CauseId => {
  if (code === 'PASSPHRASE_WRONG') return 'passphrase-wrong'
  if (code === 'PASSPHRASE_MISSING') return 'passphrase-missing'
  return /line breaks/.test(message) ? 'private-key-newlines-lost' : 'private-key-damaged'
}
