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
    says: 'was never created whole, and cannot be updated',
    remedy: (_, stage) => `Remove it with npx snowgate remove --stage ${stage}, then deploy again.`,
  },
  {
    status: /^UPDATE_ROLLBACK_FAILED$/,
    says: 'could not go back to what it was before an update',
    remedy: (stackName) =>
      `Mend what its events name, run aws cloudformation continue-update-rollback --stack-name ${stackName}, then deploy again.`,
  },
]

const toBoth: readonly Obstacle[] = [
  {
    status: /(?<!^REVIEW)_IN_PROGRESS$/,
    says: 'is being changed by somebody',
    remedy: () => 'Wait until that has ended, and try again.',
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
  const because = reason === undefined ? '' : ` It says: ${reason}`
  throw new CommandFailure(`The stack ${stackName} ${found.says} (${status}).${because}`, {
    remedy: found.remedy(stackName, stage),
  })
}
