import { isHttpRoute, routesOf, routeText } from '../../shared/access/index.ts'
import type { CauseId } from '../../shared/diagnoses/index.ts'
import type { DeployedApiStage, RestApi } from '../aws/rest-api.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type CheckFailure, edit, failed, passed } from './finding.ts'
import { redeploy, restoreDeployed } from './fixes.ts'

/** The stack has an API that does not exist in API Gateway, or has no stage: it was removed manually. */
export const restApiMissing = async (context: DoctorContext): Promise<CheckFailure> => {
  const id = await context.restApiId()
  const problem = (await context.savedApi()) ? `has no stage ${context.options.stage}` : 'does not exist'
  return failed('not-deployed', {
    evidence: [`API ${id} of stack ${context.stackName} ${problem}`],
    fixes: [redeploy(context)],
  })
}

/** The API has an endpoint that Snowflake calls. */
export const endpointCheck: Check = {
  id: 'endpoint',
  title: 'API endpoint type',
  needs: ['stack'],
  inspect: async (context) => {
    const api = await context.savedApi()
    if (!api) return restApiMissing(context)
    const { id, endpointTypes } = api
    if (!endpointTypes.includes('EDGE')) return passed(`${endpointTypes.join(', ')}, API ${id}`)
    const { endpointType } = await context.derived()
    return failed('endpoint-edge', {
      evidence: [`API ${id} has endpoint type ${endpointTypes.join(', ')}`],
      fixes:
        endpointType === 'EDGE'
          ? [edit('serverless.yml: endpointType: REGIONAL under provider'), redeploy(context)]
          : restoreDeployed(
              context,
              `aws apigateway update-rest-api --rest-api-id ${id} --patch-operations op=replace,path=/endpointConfiguration/types/EDGE,value=REGIONAL`,
            ),
    })
  },
}

interface RouteFault {
  readonly cause: CauseId
  readonly message: string
  /** It is right as it was saved, and the stage serves something older. */
  readonly onlyNotDeployed?: true
}

/** Every route of the map is a method with AWS_IAM, in the saved API and in the deployed stage. */
export const routesCheck: Check = {
  id: 'routes',
  title: 'API routes',
  needs: ['template'],
  inspect: async (context) => {
    const saved = await context.savedApi()
    const served = await context.servedApi()
    if (!saved || !served) return restApiMissing(context)
    const expected = routesOf(context.map()).filter(isHttpRoute).map(routeText)
    const faults = expected.flatMap((route) => findRouteFault(route, saved, served) ?? [])
    const [first] = faults
    if (!first) {
      const wall = served.webAcl === undefined ? [] : [`web ACL: ${served.webAcl}`]
      return passed(`${expected.length} methods with AWS_IAM authorization`, ...wall)
    }
    const create = `aws apigateway create-deployment --rest-api-id ${saved.id} --stage-name ${context.options.stage}`
    return failed(first.cause, {
      evidence: faults.map(({ message }) => message),
      fixes: first.onlyNotDeployed ? restoreDeployed(context, create) : [redeploy(context)],
    })
  },
}

const findRouteFault = (route: string, saved: RestApi, served: DeployedApiStage): RouteFault | undefined => {
  const method = saved.methods.get(route)
  if (!method) return { cause: 'route-missing', message: `the API has no method ${route}` }
  const { authorizationType, apiKeyRequired, timeoutMs } = method
  if (authorizationType !== 'AWS_IAM') {
    return { cause: 'method-without-iam', message: `${route} has authorization type ${authorizationType}` }
  }
  if (apiKeyRequired) return { cause: 'api-key-required', message: `${route} requires an API key` }
  // osls leaves it at what API Gateway has by default.
  if (timeoutMs < 29_000) {
    return { cause: 'integration-timeout', message: `the integration timeout of ${route} is ${timeoutMs} ms` }
  }
  const signed = served.methods.get(route)
  if (signed === undefined) {
    return { cause: 'route-missing', message: `${route} is not deployed to the stage`, onlyNotDeployed: true }
  }
  if (signed) return undefined
  return {
    cause: 'method-without-iam',
    message: `the deployed stage has no AWS_IAM authorization on ${route}`,
    onlyNotDeployed: true,
  }
}
