import type { StackResource } from '../../template/index.ts'
import { type Call, Refused } from '../call.ts'

/** The stack that `StackName` names, by name or by ARN, for a caller who may know it. */
export const stackAsked = (given: ReadonlyMap<string, string>, call: Call, action: string): StackResource => {
  const { place, deployment, caller, demand } = call
  const asked = given.get('StackName') ?? ''
  const stack = isNamed(deployment?.stack, asked) ? deployment?.stack : undefined
  // O: github.com/aws-samples/aws-hpc-tutorials/issues/271
  const byName = `arn:${place.partition}:cloudformation:${place.region}:${caller.accountId}:stack/${asked}/*`
  demand({ action, resource: stack?.arn ?? byName, shown: asked.startsWith('arn:') ? asked : byName })
  if (stack) return stack
  // O: github.com/localstack/localstack/issues/2179
  const message = `Stack with id ${asked} does not exist`
  throw new Refused({ status: 400, code: 'ValidationError', message }, { because: message })
}

const isNamed = (stack: StackResource | undefined, asked: string) => stack?.name === asked || stack?.arn === asked
