import { z } from 'zod'
import type { Call } from './call.ts'
import { readReference } from './parameter-reference.ts'
import { Refused, refusals } from './refusals.ts'

const shape = z.object({ Name: z.string().optional() })

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html */
export const deleteParameter = (input: unknown, call: Call): unknown => {
  const { given, arn, names } = readReference(shape.parse(input).Name, call)
  call.demandOn('ssm:DeleteParameter', arn)
  const name = names.find((one) => call.store.find(one))
  if (name === undefined) throw new Refused(refusals.notFound, [`there is no parameter ${given}`])
  call.store.remove(name)
  return {}
}
