import { z } from 'zod'
import { findVersion, type ParameterReference, parameterArn, readParameterReference } from './parameter-reference.ts'
import type { Parameter, ParameterVersion } from './parameter-store.ts'
import { authorizeKeyUse, type SsmCall } from './ssm-call.ts'
import { SsmRejected, ssmRejections, violation } from './ssm-rejections.ts'

interface ParameterReading {
  readonly reference: ParameterReference
  readonly withDecryption: boolean
}

/** A version as the answers have it, its value decrypted if requested and allowed. */
const parameterResponse = (
  parameter: Parameter,
  version: ParameterVersion,
  { reference, withDecryption }: ParameterReading,
  call: SsmCall,
) => {
  const arn = parameterArn(call.location, parameter.name)
  return {
    ARN: arn,
    DataType: 'text',
    LastModifiedDate: version.lastModified.getTime() / 1_000,
    Name: parameter.name,
    // That it is there is documented, its colon inferred.
    ...(reference.selector !== undefined && { Selector: `:${reference.selector}` }),
    Type: parameter.type,
    Value: withDecryption ? decryptValue(version, arn, call) : (version.ciphertext ?? version.value),
    Version: version.version,
  }
}

const decryptValue = ({ value, key }: ParameterVersion, arn: string, call: SsmCall): string => {
  if (!key) return value
  if (!key.enabled) {
    const reason = 'is disabled'
    throw new SsmRejected(
      ssmRejections.invalidKey(key.arn, reason),
      [`the key ${key.arn} ${reason}`],
      'Enable the key.',
    )
  }
  authorizeKeyUse(key, 'kms:Decrypt', { arn, call }, () => ssmRejections.keyDenied(call.newId()))
  return value
}

const getParameterInput = z.object({ Name: z.string().optional(), WithDecryption: z.boolean().optional() })

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export const getParameter = (input: unknown, call: SsmCall): unknown => {
  const { Name, WithDecryption: withDecryption = false } = getParameterInput.parse(input)
  const reference = readParameterReference(Name, call)
  call.authorizeParameter('ssm:GetParameter', reference.arn)
  const { parameter, version } = findVersion(reference, call)
  if (!parameter) {
    const reason = `there is no parameter ${reference.spelling}`
    throw new SsmRejected(ssmRejections.notFound, [reason], 'Create the parameter, or name one that is there.')
  }
  if (!version) {
    const { selector = '' } = reference
    const reason = `${parameter.name} has no version ${selector}`
    throw new SsmRejected(
      ssmRejections.versionNotFound(selector, parameter.name),
      [reason],
      'Ask for a version that is there.',
    )
  }
  return { Parameter: parameterResponse(parameter, version, { reference, withDecryption }, call) }
}

const getParametersInput = z.object({ Names: z.array(z.string()).optional(), WithDecryption: z.boolean().optional() })

const namesLimit = 10

/**
 * Unknown names are listed, not refused; one that the caller may not read refuses them all.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 */
export const getParameters = (input: unknown, call: SsmCall): unknown => {
  const { Names, WithDecryption: withDecryption = false } = getParametersInput.parse(input)
  const references = checkNames(Names).map((name) => readParameterReference(name, call))
  for (const { arn } of references) call.authorizeParameter('ssm:GetParameters', arn)
  const found = references.map((reference) => ({ reference, ...findVersion(reference, call) }))
  const parameters = found.flatMap(({ reference, parameter, version }) =>
    parameter && version ? [parameterResponse(parameter, version, { reference, withDecryption }, call)] : [],
  )
  return {
    InvalidParameters: found.filter(({ version }) => !version).map(({ reference }) => reference.spelling),
    Parameters: parameters.sort((left, right) => (left.Name < right.Name ? -1 : Number(left.Name > right.Name))),
  }
}

const checkNames = (names: readonly string[] | undefined): readonly string[] => {
  const listed = names && `[${names.join(', ')}]`
  const wrong =
    names === undefined
      ? 'Member must not be null'
      : names.length === 0
        ? 'Member must have length greater than or equal to 1'
        : names.length > namesLimit
          ? `Member must have length less than or equal to ${namesLimit}`
          : new Set(names).size < names.length
            ? 'Member must not hold a name twice'
            : undefined
  if (names === undefined || wrong !== undefined) {
    const message = violation(listed, 'names', wrong ?? '')
    throw new SsmRejected(
      ssmRejections.validation(message),
      [message],
      `Name 1 to ${namesLimit} parameters, each once.`,
    )
  }
  return names
}
