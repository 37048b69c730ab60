import { CommandFailure } from '../../command-failure.ts'
import { firstPair, type Means, type Outcome, readStoredPair } from '../../keypair/index.ts'
import { runOne } from '../../snowflake-connection/index.ts'
import type { Setup } from '../setup.ts'
import { done, leftOut, type Progress, type Step, toDo } from '../step.ts'

/** Where the service logs in with a key pair: it is made, stored, and registered. */
export const keyPair = (setup: Setup): Step => ({
  title: 'Key pair stored and registered',
  look: async () => {
    const { map, snowflake, stageName, flags } = setup
    const { snowflake: login } = map.stage()
    if (login?.login !== 'key-pair') return leftOut('the service does not use a key pair')
    if (!snowflake) {
      return leftOut(`run: npx snowgate keypair --stage ${stageName}${flags.access}${flags.place}`)
    }
    const place = await setup.keyPairPlace(login)
    const pair = async (step: Means['step'], note: Progress): Promise<Outcome> =>
      firstPair(await readStoredPair(place.store, login), login, {
        ...place,
        bits: 4096,
        step,
        note,
        now: () => new Date(),
        runSql: runOne(snowflake),
      })
    const planned: string[] = []
    const { half } = await pair(
      async (what, _, instead) => {
        planned.push(what)
        return instead
      },
      () => {},
    )
    if (planned.length === 0) return done(`${half.fingerprint} of ${login.user}`)
    return toDo(planned.map((what) => `  ${what}`).join('\n'), async (progress) => {
      const made = await pair(
        async (what, work) => {
          const result = await work()
          progress(`  ✓ ${what}`)
          return result
        },
        () => {},
      )
      if (made.statements.length > 0) throw new CommandFailure('The key was not registered in Snowflake.')
      return `${made.half.fingerprint} of ${login.user}`
    })
  },
})
