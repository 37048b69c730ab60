import { isHttpRoute, routesOf, type Stage } from '../../shared/access/index.ts'
import { asynchronousSettings } from './asynchronous-functions.ts'
import { sub } from './cloudformation.ts'
import { executionRoleId } from './logical-ids.ts'
import { loginSettings } from './snowflake-login-permissions.ts'
import { targetSettings } from './target-permissions.ts'

/** Overrides of the provider's `memorySize` and `timeout`, whose values are for functions that log in to Snowflake. */
const functionSettings: Readonly<Record<string, { readonly memorySize?: number; readonly timeout?: number }>> = {
  hello: { memorySize: 256, timeout: 5 },
  // API Gateway's integration timeout.
  invoke: { timeout: 29 },
}

/** The `functions` of serverless.yml: the functions and methods that a caller of the stage may use. */
export const functionDefinitions = (
  stageName: string,
  stage: Stage,
  region: string,
): Readonly<Record<string, unknown>> => {
  const routes = routesOf(stage)
  const names = [...new Set(routes.map(({ functionName }) => functionName))]
  return Object.fromEntries(
    names.map((name) => {
      const functionRoutes = routes.filter(({ functionName }) => functionName === name)
      const events = functionRoutes
        .filter(isHttpRoute)
        .map(({ method, path }) => ({ http: { method, path, authorizer: { type: 'aws_iam' } } }))
      const asynchronous = functionRoutes.some((route) => route.asynchronous)
      return [
        name,
        {
          handler: `functions/${name}/handler.handler`,
          // With Fn::GetAtt or the plain id, osls would add the dependency twice.
          role: sub(`\${${executionRoleId(name)}.Arn}`),
          ...(asynchronous && asynchronousSettings(stageName, name)),
          ...targetSettings(name, stage),
          ...loginSettings(name, stage, region),
          ...functionSettings[name],
          ...(events.length > 0 && { events }),
        },
      ]
    }),
  )
}
