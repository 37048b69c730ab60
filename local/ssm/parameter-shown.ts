import type { Call } from './call.ts'
import { demandOfKey } from './key-demand.ts'
import { type ParameterReference, parameterArn } from './parameter-reference.ts'
import type { Parameter, ParameterVersion } from './parameter-store.ts'
import { Refused, refusals } from './refusals.ts'

interface Asked {
  readonly reference: ParameterReference
  readonly withDecryption: boolean
}

/** A version as the answers have it, its value decrypted if that was asked for and the caller may. */
export const parameterShown = (
  parameter: Parameter,
  version: ParameterVersion,
  { reference, withDecryption }: Asked,
  call: Call,
) => {
  const arn = parameterArn(call.place, parameter.name)
  return {
    ARN: arn,
    DataType: 'text',
    LastModifiedDate: version.lastModified.getTime() / 1_000,
    Name: parameter.name,
    // That it is there is documented, its colon inferred.
    ...(reference.selector !== undefined && { Selector: `:${reference.selector}` }),
    Type: parameter.type,
    Value: withDecryption ? decrypted(version, arn, call) : (version.ciphertext ?? version.value),
    Version: version.version,
  }
}

const decrypted = ({ value, key }: ParameterVersion, arn: string, call: Call): string => {
  if (!key) return value
  if (!key.enabled) {
    const why = 'is disabled'
    throw new Refused(refusals.invalidKey(key.arn, why), [`the key ${key.arn} ${why}`], 'Enable the key.')
  }
  demandOfKey(key, 'kms:Decrypt', { arn, call }, () => refusals.keyDenied(call.newId()))
  return value
}
