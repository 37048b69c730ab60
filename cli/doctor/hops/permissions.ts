import { isHttpRoute, lambdaFunctionName, type Route, routesOf, type Stage } from '../../../shared/access/index.ts'
import { awsPrincipals, conditionValues, covers, coversAction, type Statement } from '../aws/index.ts'
import { type Finding, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { putBack } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** A hop for each function: its own policy lets in the API, method by method, and the direct callers of the map. */
export const permissions = (stage: Pick<Stage, 'callers'>): readonly Hop[] =>
  [...new Set(routesOf(stage).map(({ functionName }) => functionName))].map((name) => ({
    id: `permission:${name}`,
    title: `resource policy of ${name}`,
    needs: ['template'],
    check: (patient) => checkPermissions(name, stage, patient),
  }))

interface Wanted {
  /** Who has to be let in, for people. */
  readonly who: string
  readonly isLetIn: (statement: Statement) => boolean
  /** The flags of `aws lambda add-permission`. */
  readonly flags: string
}

const checkPermissions = async (name: string, stage: Pick<Stage, 'callers'>, patient: Patient): Promise<Finding> => {
  const functionName = lambdaFunctionName(patient.order.stage, name)
  const policy = await patient.functionPolicy(functionName)
  const allowing = (policy?.Statement ?? []).filter(
    (statement) => statement.Effect === 'Allow' && coversAction(statement, 'lambda:InvokeFunction'),
  )
  const wanted = [...(await methodsOf(name, stage, patient)), ...directCallersOf(name, stage)]
  const lacking = wanted.filter(({ isLetIn }) => !allowing.some(isLetIn))
  if (lacking.length === 0) return passed(`allows ${wanted.map(({ who }) => who).join(', ')}`)
  return failed('function-permission-missing', {
    evidence: lacking.map(({ who }) => `the resource policy of ${functionName} does not allow ${who}`),
    mend: lacking
      .flatMap(({ flags }, index) =>
        putBack(
          patient,
          `aws lambda add-permission --function-name ${functionName} --statement-id snowgate-doctor-${index + 1} --action lambda:InvokeFunction ${flags}`,
        ),
      )
      .filter(({ text }, index, all) => all.findIndex((one) => one.text === text) === index),
  })
}

const methodsOf = async (name: string, stage: Pick<Stage, 'callers'>, patient: Patient): Promise<readonly Wanted[]> => {
  const { partition, region, accountId } = await patient.place()
  const api = `arn:${partition}:execute-api:${region}:${accountId}:${await patient.restApiId()}/${patient.order.stage}`
  return routesOf(stage)
    .filter(isHttpRoute)
    .filter(({ functionName }) => functionName === name)
    .map(({ method, path }): Wanted => {
      const source = `${api}/${method}${path}`
      return {
        who: `API Gateway ${method} ${path}`,
        isLetIn: (statement) =>
          services(statement).includes('apigateway.amazonaws.com') &&
          (sources(statement)?.some((pattern) => covers(pattern, source)) ?? true),
        flags: `--principal apigateway.amazonaws.com --source-arn ${source}`,
      }
    })
}

/** A role of another account needs the function's word beside that of its own account. */
const directCallersOf = (name: string, { callers }: Pick<Stage, 'callers'>): readonly Wanted[] =>
  [...callers.values()].flatMap((caller) =>
    caller.kind === 'direct' && caller.routes.some(isInvokeOf(name))
      ? caller.principals.map((arn) => ({
          who: arn,
          isLetIn: (statement: Statement) => awsPrincipals(statement).includes(arn),
          flags: `--principal ${arn}`,
        }))
      : [],
  )

const isInvokeOf = (name: string) => (route: Route) => !isHttpRoute(route) && route.functionName === name

const services = ({ Principal }: Statement): readonly string[] =>
  Principal === undefined || Principal === '*' ? [] : (Principal['Service'] ?? [])

const sources = (statement: Statement) =>
  conditionValues(statement, ['ArnLike', 'ArnEquals', 'StringEquals', 'StringLike'], 'aws:SourceArn')
