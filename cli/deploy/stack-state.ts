import { CommandFailure } from '../command-failure.ts'
import type { StackState } from './cloudformation.ts'

interface Obstacle {
  readonly status: RegExp
  readonly says: string
  readonly remedy: (stackName: string, stage: string) => string
}

/** States in which CloudFormation takes no update. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const toDeploying: readonly Obstacle[] = [
  {
    status: /^(REVIEW_IN_PROGRESS|CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED)$/,
    says: 'was not created completely and cannot be updated',
    remedy: (_, stage) => `Remove it with: npx snowgate remove --aws --stage ${stage}. Then deploy again.`,
  },
  {
    status: /^UPDATE_ROLLBACK_FAILED$/,
    says: 'failed to roll back an update',
    remedy: (stackName) =>
      `Fix the problem in its events, run aws cloudformation continue-update-rollback --stack-name ${stackName}, then deploy again.`,
  },
]

const toBoth: readonly Obstacle[] = [
  {
    status: /(?<!^REVIEW)_IN_PROGRESS$/,
    says: 'has an update in progress',
    remedy: () => 'Wait for it to finish, then try again.',
  },
]

/** @throws CommandFailure where the stack is in a state in which it cannot be deployed, or removed */
export const checkState = (
  { status, reason }: StackState,
  stackName: string,
  { stage, action }: { readonly stage: string; readonly action: 'deploy' | 'remove' },
): void => {
  const obstacles = action === 'deploy' ? [...toDeploying, ...toBoth] : toBoth
  const found = obstacles.find((one) => one.status.test(status))
  if (!found) return
  const because = reason === undefined ? '' : ` Reason: ${reason}`
  throw new CommandFailure(`Stack ${stackName} ${found.says} (${status}).${because}`, {
    remedy: found.remedy(stackName, stage),
  })
}
