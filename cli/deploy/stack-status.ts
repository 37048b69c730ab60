import { CommandFailure } from '../command-failure.ts'
import type { StackStatus } from './cloudformation-stack.ts'

interface BlockingStatus {
  readonly status: RegExp
  readonly message: string
  readonly fix: (stackName: string, stage: string) => string
}

/** States in which CloudFormation takes no update. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const blocksDeploy: readonly BlockingStatus[] = [
  {
    status: /^(REVIEW_IN_PROGRESS|CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED)$/,
    message: 'was not created completely and cannot be updated',
    fix: (_, stage) => `Remove it with: npx snowgate remove --aws --stage ${stage}. Then deploy again.`,
  },
  {
    status: /^UPDATE_ROLLBACK_FAILED$/,
    message: 'failed to roll back an update',
    fix: (stackName) =>
      `Fix the problem in its events, run aws cloudformation continue-update-rollback --stack-name ${stackName}, then deploy again.`,
  },
]

const blocksDeployAndRemove: readonly BlockingStatus[] = [
  {
    status: /(?<!^REVIEW)_IN_PROGRESS$/,
    message: 'has an update in progress',
    fix: () => 'Wait for it to finish, then try again.',
  },
]

/** @throws CommandFailure where the stack is in a state in which it cannot be deployed, or removed */
export const checkStackStatus = (
  { status, reason }: StackStatus,
  stackName: string,
  { stage, action }: { readonly stage: string; readonly action: 'deploy' | 'remove' },
): void => {
  const obstacles = action === 'deploy' ? [...blocksDeploy, ...blocksDeployAndRemove] : blocksDeployAndRemove
  const blocking = obstacles.find((one) => one.status.test(status))
  if (!blocking) return
  const reasonText = reason === undefined ? '' : ` Reason: ${reason}`
  throw new CommandFailure(`Stack ${stackName} ${blocking.message} (${status}).${reasonText}`, {
    remedy: blocking.fix(stackName, stage),
  })
}
