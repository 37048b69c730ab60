import { stageDocument, stageDocumentKey } from '../../shared/access/index.ts'
import { type AccessChange, changesOf, renderChanges } from '../deploy/access-changes.ts'
import { stageOfTemplate } from '../deploy/deployed-stage.ts'
import { type SetupContext, snowflakeCallerOf } from './setup-context.ts'
import { alreadyDone, pendingChange, type SetupStep } from './setup-step.ts'

/** The caller role must exist before Snowflake can use it, trusted or pending. */
export const deploymentStep = (setup: SetupContext): SetupStep => ({
  title: 'Stage deployed',
  inspect: async () => {
    const { target, callerName } = setup
    const before = await target.currentStage()
    const deployedCaller = typeof before === 'string' ? undefined : before.callers[callerName]
    if (!deployedCaller) return deployChange(setup, changesFrom(before, setup))
    const { apiUrl } = (await target.deployedService()) ?? {}
    return alreadyDone(
      `${apiUrl}, caller role of ${callerName} ${deployedCaller.iamUserArn === undefined ? 'pending' : 'enabled'}`,
    )
  },
})

/** The trust takes effect with a deployment, and not before. */
export const trustDeploymentStep = (setup: SetupContext): SetupStep => ({
  title: 'Access map deployed',
  inspect: async () => {
    const { iamUserArn } = snowflakeCallerOf(setup)
    const changes = changesFrom(await setup.target.currentStage(), setup)
    if (changes.length > 0) return deployChange(setup, changes)
    return alreadyDone(iamUserArn === undefined ? 'caller pending' : `caller role trusts ${iamUserArn}`)
  },
})

const changesFrom = (
  before: Awaited<ReturnType<SetupContext['target']['currentStage']>>,
  { map }: SetupContext,
): readonly AccessChange[] => {
  const after = stageOfTemplate({ Metadata: { [stageDocumentKey]: stageDocument(map.stage()) } })
  return changesOf(typeof before === 'string' ? undefined : before, typeof after === 'string' ? undefined : after)
}

const deployChange = (setup: SetupContext, changes: readonly AccessChange[]) =>
  pendingChange(
    `Deploy stage ${setup.stageName} to ${setup.target.name}. Access changes:\n\n${renderChanges(changes).trimEnd()}\n`,
    async (progress) => {
      progress(`Packaging functions and compiling the template for stage ${setup.stageName} …`)
      const { apiUrl } = await setup.target.deploy(await setup.packageService())
      return apiUrl ?? 'done'
    },
  )
