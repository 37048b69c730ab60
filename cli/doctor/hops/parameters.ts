import { keyPair } from '../../../shared/credentials/index.ts'
import type { CauseId } from '../../../shared/diagnoses/index.ts'
import { ServiceError } from '../../../shared/errors/index.ts'
import { CannotTell, command, edit, type Failure, type Finding, failed, type MendStep, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain, lookingFlags, mapFlag } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** Where the service logs in with a key pair: both parameters are there, can be decrypted, and make one key. */
export const parameters: Hop = {
  id: 'parameters',
  title: 'key pair parameters',
  needs: ['map', 'identity'],
  check: async (patient) => {
    const { snowflake } = patient.map()
    if (snowflake?.login !== 'key-pair') return passed('not needed: the service does not use a key pair')
    const key = await read(snowflake.privateKey, patient)
    if ('outcome' in key) return key
    const phrase = await read(snowflake.passphrase, patient)
    if ('outcome' in phrase) return phrase
    return judge(key, phrase, snowflake, patient)
  },
}

interface Names {
  readonly privateKey: string
  readonly passphrase: string
}

interface Stored {
  readonly value: string
  readonly type: string
}

const read = async (name: string, patient: Patient): Promise<Failure | Stored> => {
  const found = await patient.parameter(name)
  if ('value' in found) return found
  const { region } = await patient.account()
  const { code, message } = found.refusal
  const evidence = [`GetParameter of ${name} in ${region} returned ${code}: ${message}`]
  const cause = causeOf(code)
  if (cause === undefined) throw new CannotTell(evidence.join(''))
  return failed(cause, { evidence, mend: mendOf(cause, patient, region) })
}

/** What may be denied to whoever looks may be allowed to the function: its own login tells. */
const causeOf = (code: string): CauseId | undefined => {
  if (code === 'ParameterNotFound') return 'parameter-missing'
  if (code === 'ParameterVersionNotFound' || code === 'ValidationException') return 'parameter-name-wrong'
  return code === 'InvalidKeyId' ? 'parameter-key-disabled' : undefined
}

const mendOf = (cause: CauseId, patient: Patient, region: string): readonly MendStep[] => {
  const { mapName, lineOf, order } = patient
  if (cause === 'parameter-missing') return [makeKeyPair(patient)]
  const { snowflake } = patient.map()
  if (cause === 'parameter-key-disabled') {
    const key = snowflake?.login === 'key-pair' ? snowflake.kmsKeyArn : undefined
    return [command(`aws kms enable-key --key-id ${key ?? '<key>'} --region ${region}`)]
  }
  const line = lineOf([order.stage, 'snowflake'])
  return [
    edit(`${mapName}:${line}  under snowflake set privateKey and passphrase to the names in Parameter Store`),
    deployAgain(patient),
  ]
}

/** Makes the pair, stores both halves of the secret under the names of the map, and has Snowflake know the public one. */
const makeKeyPair = ({ order, mapName }: Patient): MendStep =>
  command(`npx snowgate keypair --run --stage ${order.stage}${mapFlag(mapName)}${lookingFlags(order)}`)

/** From a file: a shell would show it, and keep it. */
const put = (name: string, { order }: Pick<Patient, 'order'>, region: string): readonly MendStep[] => {
  const file = /passphrase/.test(name) ? 'passphrase.txt' : 'rsa_key.p8'
  return [
    // The AWS CLI goes to the stack then.
    ...(order.world.kind === 'local' ? [command('eval "$(npx snowgate env admin)"')] : []),
    command(
      `aws ssm put-parameter --overwrite --type SecureString --name ${name} --value file://${file} --region ${region}`,
    ),
  ]
}

const judge = async (
  key: Stored,
  passphrase: Stored,
  { privateKey, passphrase: passphraseName }: Names,
  patient: Patient,
): Promise<Finding> => {
  try {
    await keyPair({ variables: { SECRET_KEY: key.value, PRIVATE_KEY_PASSPHRASE: passphrase.value } }).privateKey(
      AbortSignal.timeout(10_000),
    )
    const plain = [key, passphrase].some(({ type }) => type !== 'SecureString')
    return passed(
      `${privateKey} and ${passphraseName} are a valid RSA key pair`,
      ...(plain ? ['warning: one parameter is not a SecureString and can be read without decryption'] : []),
    )
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    const { region } = await patient.account()
    const ofPassphrase = error.code === 'PASSPHRASE_WRONG' || error.code === 'PASSPHRASE_MISSING'
    const name = ofPassphrase ? passphraseName : privateKey
    return failed(causeOfKey(error), { evidence: [`${name}: ${error.message}`], mend: put(name, patient, region) })
  }
}

const causeOfKey = ({ code, message }: ServiceError): CauseId => {
  if (code === 'PASSPHRASE_WRONG') return 'passphrase-wrong'
  if (code === 'PASSPHRASE_MISSING') return 'passphrase-missing'
  return /line breaks/.test(message) ? 'private-key-newlines-lost' : 'private-key-damaged'
}
