import { isHttpRoute, type Route, routesOf, type Stage } from '../../shared/access/index.ts'
import { attribute, type TemplateAdditions } from './cloudformation.ts'
import { apiPermissionId, asLogicalId, functionId } from './logical-ids.ts'
import { routeArn } from './route-arns.ts'

/** The functions' resource policies: the API may invoke for each method, and direct callers may invoke. */
export const functionPermissions = (stageName: string, stage: Stage): TemplateAdditions => {
  const byFunction = Map.groupBy(routesOf(stage).filter(isHttpRoute), ({ functionName }) => functionName)
  const resources: [string, unknown][] = [...directInvocations(stage)]
  const extensions: [string, unknown][] = []
  for (const [functionName, [first, ...others]] of byFunction) {
    const id = apiPermissionId(functionName)
    // osls generates one permission for the whole API under this id; this narrows it to the first method.
    if (first) extensions.push([id, { Properties: { SourceArn: routeArn(stageName, first) } }])
    for (const route of others) resources.push([`${id}${routeId(route)}`, apiPermission(stageName, route)])
  }
  return { Resources: Object.fromEntries(resources), extensions: Object.fromEntries(extensions) }
}

const apiPermission = (stageName: string, route: Route) =>
  permission(route.functionName, 'apigateway.amazonaws.com', { SourceArn: routeArn(stageName, route) })

/** A caller role has its own policy; a role of another account also needs the function's resource policy. */
const directInvocations = (stage: Stage): [string, unknown][] =>
  [...stage.callers].flatMap(([callerName, caller]) =>
    caller.kind !== 'direct'
      ? []
      : caller.routes
          .filter((route) => !isHttpRoute(route))
          .flatMap(({ functionName }) =>
            caller.principals.map((principal, index): [string, unknown] => [
              `${asLogicalId(functionName)}LambdaPermission${asLogicalId(callerName)}Caller${index + 1}`,
              permission(functionName, principal),
            ]),
          ),
  )

const permission = (functionName: string, principal: string, condition = {}) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: attribute(functionId(functionName), 'Arn'),
    Action: 'lambda:InvokeFunction',
    Principal: principal,
    ...condition,
  },
})

const routeId = ({ method, path }: Route): string =>
  [method.toLowerCase(), ...path.split('/')].map(asLogicalId).join('')
