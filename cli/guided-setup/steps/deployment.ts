import { stageDocument, stageDocumentKey } from '../../../shared/access/index.ts'
import { type Changed, changesOf, renderChanges, stageOfTemplate } from '../../deploy/index.ts'
import { callerOf, type Setup } from '../setup.ts'
import { done, type Step, toDo } from '../step.ts'

/** The door has to be there before Snowflake can be told of it; open or shut. */
export const deployed = (setup: Setup): Step => ({
  title: 'The stage is deployed',
  look: async () => {
    const { world, callerName } = setup
    const before = await world.deployed()
    const there = typeof before === 'string' ? undefined : before.callers[callerName]
    if (!there) return deployment(setup, changesFrom(before, setup))
    const { apiUrl } = (await world.where()) ?? {}
    return done(`${apiUrl}, the door of ${callerName} ${there.iamUserArn === undefined ? 'shut' : 'open'}`)
  },
})

/** The trust takes effect with a deployment, and not before. */
export const trustDeployed = (setup: Setup): Step => ({
  title: 'The map is deployed',
  look: async () => {
    const { iamUserArn } = callerOf(setup)
    const changes = changesFrom(await setup.world.deployed(), setup)
    if (changes.length > 0) return deployment(setup, changes)
    return done(iamUserArn === undefined ? 'with the door shut' : `the door admits ${iamUserArn}`)
  },
})

const changesFrom = (before: Awaited<ReturnType<Setup['world']['deployed']>>, { map }: Setup): readonly Changed[] => {
  const after = stageOfTemplate({ Metadata: { [stageDocumentKey]: stageDocument(map.stage()) } })
  return changesOf(typeof before === 'string' ? undefined : before, typeof after === 'string' ? undefined : after)
}

const deployment = (setup: Setup, changes: readonly Changed[]) =>
  toDo(
    `Deploy stage ${setup.stageName} to ${setup.world.name}. Who may call what changes:\n\n${renderChanges(changes).trimEnd()}\n`,
    async (progress) => {
      progress(`Packaging the functions and compiling the template of stage ${setup.stageName} …`)
      const { apiUrl } = await setup.world.deploy(await setup.packageService())
      return apiUrl ?? 'done'
    },
  )
