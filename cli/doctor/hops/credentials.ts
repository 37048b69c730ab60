import type { CauseId } from '../../../shared/diagnoses/index.ts'
import { CommandFailure } from '../../command-failure.ts'
import { faultOfKeys } from '../../signing/index.ts'
import { command, failed, type MendStep, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import type { Order } from '../patient.ts'

/** There are keys to look with, and they look like keys. */
export const credentials: Hop = {
  id: 'credentials',
  title: 'credentials',
  needs: [],
  check: async ({ account, order }) => {
    try {
      const { keys } = await account()
      const fault = faultOfKeys(keys, new Date())
      if (!fault) return passed(`access key ${keys.accessKeyId}`)
      const { cause, message, remedy } = fault
      return failed(cause, { evidence: [message, remedy], mend: [takeAgain(cause, order)] })
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      return none(order, error.message.split('\n'))
    }
  },
}

const profileFlag = ({ world }: Order, otherwise: string) => {
  const profile = world.kind === 'aws' ? (world.profile ?? otherwise) : undefined
  return profile === undefined ? '' : ` --profile ${profile}`
}

const none = (order: Order, evidence: readonly string[]) =>
  order.world.kind === 'local'
    ? failed('stack-not-running', { evidence, mend: [command(`npx snowgate start --stage ${order.stage}`)] })
    : failed('credentials-missing', { evidence, mend: [command(`aws sso login${profileFlag(order, '<profile>')}`)] })

/** What sets all three values of a session at once. */
export const takeAgain = (cause: CauseId, order: Order): MendStep => {
  if (order.world.kind === 'local') return command(`eval "$(npx snowgate env admin)"`)
  if (cause === 'session-token-foreign') return command('unset AWS_SESSION_TOKEN')
  if (cause === 'session-expired') return command(`aws sso login${profileFlag(order, '<profile>')}`)
  return command(`eval "$(aws configure export-credentials --format env${profileFlag(order, '<profile>')})"`)
}
