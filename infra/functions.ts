import { isHttpRoute, routesOf, type Stage } from '../shared/access/index.ts'
import { asynchronousSettings } from './asynchronous-functions.ts'
import { sub } from './cloudformation.ts'
import { executionRoleId } from './logical-ids.ts'
import { loginSettings } from './snowflake-login.ts'
import { targetSettings } from './targets.ts'

/** Where a function differs from the provider's `memorySize` and `timeout`, which are meant for what logs in to Snowflake. */
const settings: Readonly<Record<string, { readonly memorySize?: number; readonly timeout?: number }>> = {
  hello: { memorySize: 256, timeout: 5 },
  // API Gateway waits that long.
  invoke: { timeout: 29 },
}

/** The `functions` of serverless.yml: those that somebody of the stage may call, with the methods that somebody may use. */
export const functionsOf = (stageName: string, stage: Stage, region: string): Readonly<Record<string, unknown>> => {
  const routes = routesOf(stage)
  const names = [...new Set(routes.map(({ functionName }) => functionName))]
  return Object.fromEntries(
    names.map((name) => {
      const own = routes.filter(({ functionName }) => functionName === name)
      const events = own
        .filter(isHttpRoute)
        .map(({ method, path }) => ({ http: { method, path, authorizer: { type: 'aws_iam' } } }))
      const asynchronous = own.some((route) => route.asynchronous)
      return [
        name,
        {
          handler: `functions/${name}/handler.handler`,
          // By Fn::GetAtt or its plain id, osls would write the dependency a second time.
          role: sub(`\${${executionRoleId(name)}.Arn}`),
          ...(asynchronous && asynchronousSettings(stageName, name)),
          ...targetSettings(name, stage),
          ...loginSettings(name, stage, region),
          ...settings[name],
          ...(events.length > 0 && { events }),
        },
      ]
    }),
  )
}
