import { isHttpRoute, routesOf, routeText } from '../../../shared/access/index.ts'
import type { CauseId } from '../../../shared/diagnoses/index.ts'
import type { SavedApi, ServedApi } from '../aws/index.ts'
import { failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain, putBack } from '../mends.ts'
import { apiGone } from './api-gone.ts'

interface Fault {
  readonly cause: CauseId
  readonly says: string
  /** It is right as it was saved, and the stage serves something older. */
  readonly saved?: true
}

/** Every route of the map is a method of the API, as it was saved and as its stage serves it, and asks for a signature. */
export const routes: Hop = {
  id: 'routes',
  title: 'API routes',
  needs: ['template'],
  check: async (patient) => {
    const saved = await patient.savedApi()
    const served = await patient.servedApi()
    if (!saved || !served) return apiGone(patient)
    const wanted = routesOf(patient.map()).filter(isHttpRoute).map(routeText)
    const faults = wanted.flatMap((route) => faultOf(route, saved, served) ?? [])
    const [first] = faults
    if (!first) {
      const wall = served.webAcl === undefined ? [] : [`web ACL: ${served.webAcl}`]
      return passed(`${wanted.length} methods with AWS_IAM authorization`, ...wall)
    }
    const create = `aws apigateway create-deployment --rest-api-id ${saved.id} --stage-name ${patient.order.stage}`
    return failed(first.cause, {
      evidence: faults.map(({ says }) => says),
      mend: first.saved ? putBack(patient, create) : [deployAgain(patient)],
    })
  },
}

const faultOf = (route: string, saved: SavedApi, served: ServedApi): Fault | undefined => {
  const method = saved.methods.get(route)
  if (!method) return { cause: 'route-missing', says: `the API has no method ${route}` }
  const { authorizationType, apiKeyRequired, patience } = method
  if (authorizationType !== 'AWS_IAM') {
    return { cause: 'method-without-iam', says: `${route} has authorization type ${authorizationType}` }
  }
  if (apiKeyRequired) return { cause: 'api-key-required', says: `${route} requires an API key` }
  // osls leaves it at what API Gateway has by default.
  if (patience < 29_000) {
    return { cause: 'integration-timeout', says: `the integration timeout of ${route} is ${patience} ms` }
  }
  const signed = served.methods.get(route)
  if (signed === undefined) {
    return { cause: 'route-missing', says: `${route} is not deployed to the stage`, saved: true }
  }
  if (signed) return undefined
  return {
    cause: 'method-without-iam',
    says: `the deployed stage has no AWS_IAM authorization on ${route}`,
    saved: true,
  }
}
