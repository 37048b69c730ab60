import { isHttpRoute, lambdaFunctionName, type Route, routesOf, type Stage } from '../../shared/access/index.ts'
import {
  awsPrincipals,
  conditionValues,
  matchesAction,
  matchesPattern,
  type Statement,
} from '../aws/policy-document.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type Finding, failed, passed } from './finding.ts'
import { restoreDeployed } from './fixes.ts'

/** One check per function: its resource policy allows the API for each method, and the direct callers of the map. */
export const permissionChecks = (stage: Pick<Stage, 'callers'>): readonly Check[] =>
  [...new Set(routesOf(stage).map(({ functionName }) => functionName))].map((name) => ({
    id: `permission:${name}`,
    title: `resource policy of ${name}`,
    needs: ['template'],
    inspect: (context) => inspectPermissions(name, stage, context),
  }))

interface RequiredPermission {
  /** The required principal, as printed. */
  readonly principal: string
  readonly isAllowedBy: (statement: Statement) => boolean
  /** The flags of `aws lambda add-permission`. */
  readonly flags: string
}

const inspectPermissions = async (
  name: string,
  stage: Pick<Stage, 'callers'>,
  context: DoctorContext,
): Promise<Finding> => {
  const functionName = lambdaFunctionName(context.options.stage, name)
  const policy = await context.functionPolicy(functionName)
  const allowStatements = (policy?.Statement ?? []).filter(
    (statement) => statement.Effect === 'Allow' && matchesAction(statement, 'lambda:InvokeFunction'),
  )
  const required = [...(await apiPermissions(name, stage, context)), ...directCallerPermissions(name, stage)]
  const missingPermissions = required.filter(({ isAllowedBy }) => !allowStatements.some(isAllowedBy))
  if (missingPermissions.length === 0) return passed(`allows ${required.map(({ principal }) => principal).join(', ')}`)
  return failed('function-permission-missing', {
    evidence: missingPermissions.map(
      ({ principal }) => `the resource policy of ${functionName} does not allow ${principal}`,
    ),
    fixes: missingPermissions
      .flatMap(({ flags }, index) =>
        restoreDeployed(
          context,
          `aws lambda add-permission --function-name ${functionName} --statement-id snowgate-doctor-${index + 1} --action lambda:InvokeFunction ${flags}`,
        ),
      )
      .filter(({ text }, index, all) => all.findIndex((one) => one.text === text) === index),
  })
}

const apiPermissions = async (
  name: string,
  stage: Pick<Stage, 'callers'>,
  context: DoctorContext,
): Promise<readonly RequiredPermission[]> => {
  const { partition, region, accountId } = await context.location()
  const api = `arn:${partition}:execute-api:${region}:${accountId}:${await context.restApiId()}/${context.options.stage}`
  return routesOf(stage)
    .filter(isHttpRoute)
    .filter(({ functionName }) => functionName === name)
    .map(({ method, path }): RequiredPermission => {
      const source = `${api}/${method}${path}`
      return {
        principal: `API Gateway ${method} ${path}`,
        isAllowedBy: (statement) =>
          servicePrincipals(statement).includes('apigateway.amazonaws.com') &&
          (sourceArns(statement)?.some((pattern) => matchesPattern(pattern, source)) ?? true),
        flags: `--principal apigateway.amazonaws.com --source-arn ${source}`,
      }
    })
}

/** A role of another account needs the function's resource policy, in addition to its own policies. */
const directCallerPermissions = (name: string, { callers }: Pick<Stage, 'callers'>): readonly RequiredPermission[] =>
  [...callers.values()].flatMap((caller) =>
    caller.kind === 'direct' && caller.routes.some(isInvokeOf(name))
      ? caller.principals.map((arn) => ({
          principal: arn,
          isAllowedBy: (statement: Statement) => awsPrincipals(statement).includes(arn),
          flags: `--principal ${arn}`,
        }))
      : [],
  )

const isInvokeOf = (name: string) => (route: Route) => !isHttpRoute(route) && route.functionName === name

const servicePrincipals = ({ Principal }: Statement): readonly string[] =>
  Principal === undefined || Principal === '*' ? [] : (Principal['Service'] ?? [])

const sourceArns = (statement: Statement) =>
  conditionValues(statement, ['ArnLike', 'ArnEquals', 'StringEquals', 'StringLike'], 'aws:SourceArn')
