import { edit, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain, putBack } from '../mends.ts'
import { apiGone } from './api-gone.ts'

/** The API has an endpoint that Snowflake calls. */
export const endpoint: Hop = {
  id: 'endpoint',
  title: 'API endpoint type',
  needs: ['stack'],
  check: async (patient) => {
    const api = await patient.savedApi()
    if (!api) return apiGone(patient)
    const { id, endpointTypes } = api
    if (!endpointTypes.includes('EDGE')) return passed(`${endpointTypes.join(', ')}, API ${id}`)
    const { endpointType } = await patient.derived()
    return failed('endpoint-edge', {
      evidence: [`API ${id} has endpoint type ${endpointTypes.join(', ')}`],
      mend:
        endpointType === 'EDGE'
          ? [edit('serverless.yml: endpointType: REGIONAL under provider'), deployAgain(patient)]
          : putBack(
              patient,
              `aws apigateway update-rest-api --rest-api-id ${id} --patch-operations op=replace,path=/endpointConfiguration/types/EDGE,value=REGIONAL`,
            ),
    })
  },
}
