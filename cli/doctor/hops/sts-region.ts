import { command, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'

/** STS answers in the region of the service, where callers and functions ask it. */
export const stsRegion: Hop = {
  id: 'sts-region',
  title: 'STS in the region',
  needs: ['identity'],
  check: async ({ account, callerIdentity, place }) => {
    const { region } = await account()
    const { identity, refusal } = await callerIdentity()
    if (identity) return passed(`available in ${region}`)
    const { accountId } = await place()
    return failed('sts-region-disabled', {
      evidence: [`us-east-1 accepts the keys; ${region} returned ${refusal?.code}: ${refusal?.message}`],
      mend: [
        command(`aws account enable-region --region-name ${region} --account-id ${accountId}`),
        command(`export AWS_STS_REGIONAL_ENDPOINTS=regional AWS_REGION=${region}`),
      ],
    })
  },
}
