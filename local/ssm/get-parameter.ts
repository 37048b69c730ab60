import { z } from 'zod'
import type { Call } from './call.ts'
import { findVersion, readReference } from './parameter-reference.ts'
import { parameterShown } from './parameter-shown.ts'
import { Refused, refusals } from './refusals.ts'

const shape = z.object({ Name: z.string().optional(), WithDecryption: z.boolean().optional() })

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export const getParameter = (input: unknown, call: Call): unknown => {
  const { Name, WithDecryption: withDecryption = false } = shape.parse(input)
  const reference = readReference(Name, call)
  call.demandOn('ssm:GetParameter', reference.arn)
  const { parameter, version } = findVersion(reference, call)
  if (!parameter) {
    const because = `there is no parameter ${reference.given}`
    throw new Refused(refusals.notFound, [because], 'Create the parameter, or name one that is there.')
  }
  if (!version) {
    const { selector = '' } = reference
    const because = `${parameter.name} has no version ${selector}`
    throw new Refused(refusals.versionNotFound(selector, parameter.name), [because], 'Ask for a version that is there.')
  }
  return { Parameter: parameterShown(parameter, version, { reference, withDecryption }, call) }
}
