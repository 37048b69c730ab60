import { z } from 'zod'
import type { Call } from './call.ts'
import { demandOfKey } from './key-demand.ts'
import type { KmsKey } from './kms-key.ts'
import { parameterArn } from './parameter-reference.ts'
import type { Parameter, ParameterType, Tier } from './parameter-store.ts'
import { Refused, refusals, violation } from './refusals.ts'

const shape = z.object({
  Name: z.string().default(''),
  Value: z.string().default(''),
  Type: z.string().optional(),
  KeyId: z.string().optional(),
  Overwrite: z.boolean().default(false),
  Tier: z.string().optional(),
  DataType: z.literal('text').optional(),
  Description: z.string().optional(),
})

type Input = z.infer<typeof shape>

const types = ['String', 'StringList', 'SecureString'] as const
const valueLimits = { Standard: 4_096, Advanced: 8_192 } as const

/** Members of a request that would change what later requests see. */
const unsupportedMembers = ['AllowedPattern', 'Policies', 'Tags']

/**
 * A SecureString of the advanced tier is sealed with a data key, another one by KMS itself.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export const putParameter = (input: unknown, call: Call): unknown => {
  const given = shape.parse(input)
  const more = unsupportedMembers.find((member) => input instanceof Object && member in input)
  if (more) throw new Refused(refusals.unsupported(`${more} of PutParameter`), [`the request has ${more}`])
  checkName(given.Name)
  const arn = parameterArn(call.place, given.Name)
  call.demandOn('ssm:PutParameter', arn)
  const before = call.store.find(given.Name)
  if (before && !given.Overwrite) {
    throw new Refused(refusals.alreadyExists, [`${given.Name} is there`], 'Set Overwrite.')
  }
  const type = typeOf(given, before)
  const key = keyOf(given.KeyId, type, call)
  const tier = tierOf(given, before)
  if (key) {
    const action = tier === 'Advanced' ? 'kms:GenerateDataKey' : 'kms:Encrypt'
    demandOfKey(key, action, { arn, call }, (denial) =>
      refusals.keyUseDenied(call.callerArn, action, key.arn, denial, call.newId()),
    )
  }
  const { versions } = call.store.put({ name: given.Name, value: given.Value, type, tier, ...(key && { key }) })
  return { Tier: tier, Version: versions.length }
}

const invalid = (message: string, remedy: string) => new Refused(refusals.validation(message), [message], remedy)

const checkName = (name: string): void => {
  if (/^\/?aws/i.test(name)) throw new Refused(refusals.unsupported('names reserved for AWS'), [`the name is ${name}`])
  if (/^\/?ssm/i.test(name) || !/^(?:[\w.-]+|(?:\/[\w.-]+)+)$/.test(name)) {
    throw invalid(
      // O: github.com/aws/aws-sdk-php/issues/1952
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
      'Name it /path/name.',
    )
  }
}

const typeOf = ({ Type }: Input, before: Parameter | undefined) => {
  const type = types.find((one) => one === (Type ?? before?.type))
  if (!type) {
    const message = violation(Type, 'type', `Member must satisfy enum value set: [${types.join(', ')}]`)
    throw invalid(message, `Give one of ${types.join(', ')}.`)
  }
  if (before && type !== before.type) {
    throw new Refused(refusals.unsupported('a change of type'), [`${before.name} is a ${before.type}`])
  }
  return type
}

/** Intelligent tiering takes the advanced tier for what the standard one cannot hold; from there no way leads back. */
const tierOf = ({ Value, Tier: asked }: Input, before: Parameter | undefined): Tier => {
  if (Value.length === 0) {
    throw invalid(violation(Value, 'value', 'Member must have length greater than or equal to 1'), 'Give a value.')
  }
  if (asked !== undefined && !['Standard', 'Advanced', 'Intelligent-Tiering'].includes(asked)) {
    const tiers = '[Standard, Advanced, Intelligent-Tiering]'
    throw invalid(violation(asked, 'tier', `Member must satisfy enum value set: ${tiers}`), `Give one of ${tiers}.`)
  }
  if (before?.tier === 'Advanced' && asked === 'Standard') {
    throw invalid('An advanced parameter cannot become a standard one.', 'Delete the parameter and create it anew.')
  }
  const outgrown = asked === 'Intelligent-Tiering' && Value.length > valueLimits.Standard
  const tier = asked === 'Advanced' || before?.tier === 'Advanced' || outgrown ? 'Advanced' : 'Standard'
  if (Value.length > valueLimits[tier]) {
    const more =
      tier === 'Standard'
        ? ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html'
        : ''
    throw invalid(
      // O for the standard tier, I for the advanced one.
      `${tier} tier parameters support a maximum parameter value of ${valueLimits[tier]} characters.${more}`,
      'Give a shorter value, or the tier Advanced.',
    )
  }
  return tier
}

/** A SecureString's, and of no other type. */
const keyOf = (keyId: string | undefined, type: ParameterType, { store }: Call): KmsKey | undefined => {
  if (type !== 'SecureString') {
    if (keyId !== undefined) throw invalid('KeyId is for a SecureString.', 'Leave out KeyId.')
    return undefined
  }
  const key = keyId === undefined ? store.managedKey : store.findKey(keyId)
  const why = !key ? 'is not found' : key.enabled ? undefined : 'is disabled'
  if (why) {
    throw new Refused(
      refusals.invalidKey(keyId ?? '', why),
      [`the key ${keyId} ${why}`],
      'Name a key that is there and enabled.',
    )
  }
  return key
}
