import { CommandFailure } from '../command-failure.ts'
import { createKeyPair } from '../keypair/create-key-pair.ts'
import type { KeypairContext, KeypairResult } from '../keypair/keypair-context.ts'
import { readStoredPair } from '../keypair/stored-pair.ts'
import { singleStatementRunner } from '../snowflake/snowflake-connection.ts'
import type { SetupContext } from './setup-context.ts'
import { alreadyDone, notApplicable, type PrintProgress, pendingChange, type SetupStep } from './setup-step.ts'

/** Where the service logs in with a key pair: it is made, stored, and registered. */
export const keyPairStep = (setup: SetupContext): SetupStep => ({
  title: 'Key pair stored and registered',
  inspect: async () => {
    const { map, snowflake, stageName, flags } = setup
    const { snowflake: login } = map.stage()
    if (login?.login !== 'key-pair') return notApplicable('the service does not use a key pair')
    if (!snowflake) {
      return notApplicable(`run: npx snowgate keypair --stage ${stageName}${flags.access}${flags.backend}`)
    }
    const location = await setup.keypairBackend(login)
    const pair = async (step: KeypairContext['runStep'], note: PrintProgress): Promise<KeypairResult> =>
      createKeyPair(await readStoredPair(location.store, login), login, {
        ...location,
        bits: 4096,
        runStep: step,
        printNote: note,
        now: () => new Date(),
        runSql: singleStatementRunner(snowflake),
      })
    const planned: string[] = []
    const { publicHalf } = await pair(
      async (what, _, dryRunResult) => {
        planned.push(what)
        return dryRunResult
      },
      () => {},
    )
    if (planned.length === 0) return alreadyDone(`${publicHalf.fingerprint} of ${login.user}`)
    return pendingChange(planned.map((what) => `  ${what}`).join('\n'), async (progress) => {
      const made = await pair(
        async (what, work) => {
          const result = await work()
          progress(`  ✓ ${what}`)
          return result
        },
        () => {},
      )
      if (made.statements.length > 0) throw new CommandFailure('The key was not registered in Snowflake.')
      return `${made.publicHalf.fingerprint} of ${login.user}`
    })
  },
})
