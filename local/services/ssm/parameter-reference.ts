import type { DeployedResources } from '../../deployment/deployed-resources.ts'
import type { Parameter, ParameterVersion } from './parameter-store.ts'
import type { SsmCall } from './ssm-call.ts'
import { SsmRejected, ssmRejections, violation } from './ssm-rejections.ts'

/** What a request names: `name`, `name:3`, `name:label`, or an ARN in place of the name. */
export interface ParameterReference {
  /** As the request spells it. */
  readonly spelling: string
  /** What the policies are asked about. */
  readonly arn: string
  /** The names it may mean: an ARN has the same form with a leading slash and without one. */
  readonly names: readonly string[]
  /** Version or label, without its colon. */
  readonly selector?: string
}

/** The ARN does not double the slash of a path. */
export const parameterArn = ({ partition, region, accountId }: DeployedResources['location'], name: string): string =>
  `arn:${partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`

const nameLimit = 2_048

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export const readParameterReference = (
  spelling: string | undefined,
  { location }: Pick<SsmCall, 'location'>,
): ParameterReference => {
  if (spelling === undefined) throw invalid(violation(undefined, 'name', 'Member must not be null'))
  if (spelling.length === 0) {
    throw invalid(violation(spelling, 'name', 'Member must have length greater than or equal to 1'))
  }
  if (spelling.length > nameLimit) {
    throw invalid(violation(spelling, 'name', `Member must have length less than or equal to ${nameLimit}`))
  }
  const { arn, path, name, selector } =
    /^(?:(?<arn>arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter(?<path>\/[^:]+))|(?<name>[^:]+))(?::(?<selector>[^:]+))?$/.exec(
      spelling,
    )?.groups ?? {}
  const selected = selector === undefined ? {} : { selector }
  if (name !== undefined) return { spelling, arn: parameterArn(location, name), names: [name], ...selected }
  if (arn === undefined || path === undefined) {
    throw invalid(violation(spelling, 'name', 'Member must be a name, an ARN, or one of these with a version or label'))
  }
  if (arn !== parameterArn(location, path)) {
    throw new SsmRejected(ssmRejections.unsupported('parameters of other accounts and regions'), [
      `${arn} is not of this account`,
    ])
  }
  return { spelling, arn, names: [path, path.slice(1)], ...selected }
}

const invalid = (message: string) =>
  new SsmRejected(
    ssmRejections.validation(message),
    [message],
    'Name the parameter in 1 to 2048 characters: /path/name.',
  )

/** Undefined where the store has no such parameter or version; labels are rejected as unsupported. */
export const findVersion = (
  { names, selector }: ParameterReference,
  { store }: Pick<SsmCall, 'store'>,
): { readonly parameter?: Parameter; readonly version?: ParameterVersion } => {
  const parameter = names.map(store.find).find((found) => found !== undefined)
  if (!parameter) return {}
  if (selector !== undefined && !/^\d+$/.test(selector)) {
    throw new SsmRejected(ssmRejections.unsupported('labels of parameter versions'), [
      `${selector} is a label, not a version`,
    ])
  }
  const version =
    selector === undefined
      ? parameter.versions.at(-1)
      : parameter.versions.find((one) => one.version === Number(selector))
  return { parameter, ...(version && { version }) }
}
