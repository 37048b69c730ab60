import { z } from 'zod'
import type { Call } from './call.ts'
import { findVersion, readReference } from './parameter-reference.ts'
import { parameterShown } from './parameter-shown.ts'
import { Refused, refusals, violation } from './refusals.ts'

const shape = z.object({ Names: z.array(z.string()).optional(), WithDecryption: z.boolean().optional() })

const namesLimit = 10

/**
 * Unknown names are listed, not refused; one that the caller may not read refuses them all.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 */
export const getParameters = (input: unknown, call: Call): unknown => {
  const { Names, WithDecryption: withDecryption = false } = shape.parse(input)
  const references = checked(Names).map((name) => readReference(name, call))
  for (const { arn } of references) call.demandOn('ssm:GetParameters', arn)
  const found = references.map((reference) => ({ reference, ...findVersion(reference, call) }))
  const parameters = found.flatMap(({ reference, parameter, version }) =>
    parameter && version ? [parameterShown(parameter, version, { reference, withDecryption }, call)] : [],
  )
  return {
    InvalidParameters: found.filter(({ version }) => !version).map(({ reference }) => reference.given),
    Parameters: parameters.sort((left, right) => (left.Name < right.Name ? -1 : Number(left.Name > right.Name))),
  }
}

const checked = (names: readonly string[] | undefined): readonly string[] => {
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
    throw new Refused(refusals.validation(message), [message], `Name 1 to ${namesLimit} parameters, each once.`)
  }
  return names
}
