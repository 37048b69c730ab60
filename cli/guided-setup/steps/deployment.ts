import { stageDocument, stageDocumentKey } from '../../../shared/access/index.ts'
import { type Changed, changesOf, renderChanges, stageOfTemplate } from '../../deploy/index.ts'
import { callerOf, type Setup } from '../setup.ts'
import { done, type Step, toDo } from '../step.ts'

/** The door has to be there before Snowflake can be told of it; open or shut. */
export const deployed = (setup: Setup): Step => ({
  title: 'Stage deployed',
  look: async () => {
    const { world, callerName } = setup
    const before = await world.deployed()
    const there = typeof before === 'string' ? undefined : before.callers[callerName]
    if (!there) return deployment(setup, changesFrom(before, setup))
    const { apiUrl } = (await world.where()) ?? {}
    return done(`${apiUrl}, caller role of ${callerName} ${there.iamUserArn === undefined ? 'pending' : 'enabled'}`)
  },
})

/** The trust takes effect with a deployment, and not before. */
export const trustDeployed = (setup: Setup): Step => ({
  title: 'Access map deployed',
  look: async () => {
    const { iamUserArn } = callerOf(setup)
    const changes = changesFrom(await setup.world.deployed(), setup)
    if (changes.length > 0) return deployment(setup, changes)
    return done(iamUserArn === undefined ? 'caller pending' : `caller role trusts ${iamUserArn}`)
  },
})

const changesFrom = (before: Awaited<ReturnType<Setup['world']['deployed']>>, { map }: Setup): readonly Changed[] => {
  const after = stageOfTemplate({ Metadata: { [stageDocumentKey]: stageDocument(map.stage()) } })
  return changesOf(typeof before === 'string' ? undefined : before, typeof after === 'string' ? undefined : after)
}

const deployment = (setup: Setup, changes: readonly Changed[]) =>
  toDo(
    `Deploy stage ${setup.stageName} to ${setup.world.name}. Access changes:\n\n${renderChanges(changes).trimEnd()}\n`,
    async (progress) => {
      progress(`Packaging functions and compiling the template for stage ${setup.stageName} …`)
      const { apiUrl } = await setup.world.deploy(await setup.packageService())
      return apiUrl ?? 'done'
    },
  )
