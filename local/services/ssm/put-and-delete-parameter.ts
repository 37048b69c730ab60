import { z } from 'zod'
import type { KmsKey } from './kms-key.ts'
import { parameterArn, readParameterReference } from './parameter-reference.ts'
import type { Parameter, ParameterType, Tier } from './parameter-store.ts'
import { authorizeKeyUse, type SsmCall } from './ssm-call.ts'
import { SsmRejected, ssmRejections, violation } from './ssm-rejections.ts'

const putParameterInput = z.object({
  Name: z.string().default(''),
  Value: z.string().default(''),
  Type: z.string().optional(),
  KeyId: z.string().optional(),
  Overwrite: z.boolean().default(false),
  Tier: z.string().optional(),
  DataType: z.literal('text').optional(),
  Description: z.string().optional(),
})

type PutParameterInput = z.infer<typeof putParameterInput>

const types = ['String', 'StringList', 'SecureString'] as const
const valueLimits = { Standard: 4_096, Advanced: 8_192 } as const

/** Members of a request that would change what later requests see. */
const unsupportedMembers = ['AllowedPattern', 'Policies', 'Tags']

/**
 * A SecureString of the advanced tier is sealed with a data key, another one by KMS itself.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export const putParameter = (input: unknown, call: SsmCall): unknown => {
  const request = putParameterInput.parse(input)
  const unsupportedMember = unsupportedMembers.find((member) => input instanceof Object && member in input)
  if (unsupportedMember)
    throw new SsmRejected(ssmRejections.unsupported(`${unsupportedMember} of PutParameter`), [
      `the request has ${unsupportedMember}`,
    ])
  checkName(request.Name)
  const arn = parameterArn(call.location, request.Name)
  call.authorizeParameter('ssm:PutParameter', arn)
  const existing = call.store.find(request.Name)
  if (existing && !request.Overwrite) {
    throw new SsmRejected(ssmRejections.alreadyExists, [`${request.Name} is there`], 'Set Overwrite.')
  }
  const type = typeOf(request, existing)
  const key = keyOf(request.KeyId, type, call)
  const tier = tierOf(request, existing)
  if (key) {
    const action = tier === 'Advanced' ? 'kms:GenerateDataKey' : 'kms:Encrypt'
    authorizeKeyUse(key, action, { arn, call }, (denial) =>
      ssmRejections.keyUseDenied(call.callerArn, action, key.arn, denial, call.newId()),
    )
  }
  const { versions } = call.store.put({ name: request.Name, value: request.Value, type, tier, ...(key && { key }) })
  return { Tier: tier, Version: versions.length }
}

const validationRejected = (message: string, fix: string) =>
  new SsmRejected(ssmRejections.validation(message), [message], fix)

const checkName = (name: string): void => {
  if (/^\/?aws/i.test(name))
    throw new SsmRejected(ssmRejections.unsupported('names reserved for AWS'), [`the name is ${name}`])
  if (/^\/?ssm/i.test(name) || !/^(?:[\w.-]+|(?:\/[\w.-]+)+)$/.test(name)) {
    throw validationRejected(
      // O: github.com/aws/aws-sdk-php/issues/1952
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
      'Name it /path/name.',
    )
  }
}

const typeOf = ({ Type }: PutParameterInput, existing: Parameter | undefined) => {
  const type = types.find((one) => one === (Type ?? existing?.type))
  if (!type) {
    const message = violation(Type, 'type', `Member must satisfy enum value set: [${types.join(', ')}]`)
    throw validationRejected(message, `Give one of ${types.join(', ')}.`)
  }
  if (existing && type !== existing.type) {
    throw new SsmRejected(ssmRejections.unsupported('a change of type'), [`${existing.name} is a ${existing.type}`])
  }
  return type
}

/** Intelligent tiering takes the advanced tier for what the standard one cannot hold; from there no way leads back. */
const tierOf = ({ Value, Tier: requestedTier }: PutParameterInput, existing: Parameter | undefined): Tier => {
  if (Value.length === 0) {
    throw validationRejected(
      violation(Value, 'value', 'Member must have length greater than or equal to 1'),
      'Give a value.',
    )
  }
  if (requestedTier !== undefined && !['Standard', 'Advanced', 'Intelligent-Tiering'].includes(requestedTier)) {
    const tiers = '[Standard, Advanced, Intelligent-Tiering]'
    throw validationRejected(
      violation(requestedTier, 'tier', `Member must satisfy enum value set: ${tiers}`),
      `Give one of ${tiers}.`,
    )
  }
  if (existing?.tier === 'Advanced' && requestedTier === 'Standard') {
    throw validationRejected(
      'An advanced parameter cannot become a standard one.',
      'Delete the parameter and create it anew.',
    )
  }
  const outgrown = requestedTier === 'Intelligent-Tiering' && Value.length > valueLimits.Standard
  const tier = requestedTier === 'Advanced' || existing?.tier === 'Advanced' || outgrown ? 'Advanced' : 'Standard'
  if (Value.length > valueLimits[tier]) {
    const upgradeHint =
      tier === 'Standard'
        ? ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html'
        : ''
    throw validationRejected(
      // O for the standard tier, I for the advanced one.
      `${tier} tier parameters support a maximum parameter value of ${valueLimits[tier]} characters.${upgradeHint}`,
      'Give a shorter value, or the tier Advanced.',
    )
  }
  return tier
}

/** A SecureString's, and of no other type. */
const keyOf = (keyId: string | undefined, type: ParameterType, { store }: SsmCall): KmsKey | undefined => {
  if (type !== 'SecureString') {
    if (keyId !== undefined) throw validationRejected('KeyId is for a SecureString.', 'Leave out KeyId.')
    return undefined
  }
  const key = keyId === undefined ? store.managedKey : store.findKey(keyId)
  const problem = !key ? 'is not found' : key.enabled ? undefined : 'is disabled'
  if (problem) {
    throw new SsmRejected(
      ssmRejections.invalidKey(keyId ?? '', problem),
      [`the key ${keyId} ${problem}`],
      'Name a key that is there and enabled.',
    )
  }
  return key
}

const deleteParameterInput = z.object({ Name: z.string().optional() })

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html */
export const deleteParameter = (input: unknown, call: SsmCall): unknown => {
  const { spelling, arn, names } = readParameterReference(deleteParameterInput.parse(input).Name, call)
  call.authorizeParameter('ssm:DeleteParameter', arn)
  const name = names.find((one) => call.store.find(one))
  if (name === undefined) throw new SsmRejected(ssmRejections.notFound, [`there is no parameter ${spelling}`])
  call.store.remove(name)
  return {}
}
