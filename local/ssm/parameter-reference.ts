import type { Deployment } from '../template/index.ts'
import type { Call } from './call.ts'
import type { Parameter, ParameterVersion } from './parameter-store.ts'
import { Refused, refusals, violation } from './refusals.ts'

/** What a request names: `name`, `name:3`, `name:label`, or an ARN in place of the name. */
export interface ParameterReference {
  /** As the request spells it. */
  readonly given: string
  /** What the policies are asked about. */
  readonly arn: string
  /** The names it may mean: an ARN has the same form with a leading slash and without one. */
  readonly names: readonly string[]
  /** Version or label, without its colon. */
  readonly selector?: string
}

/** The ARN does not double the slash of a path. */
export const parameterArn = ({ partition, region, accountId }: Deployment['place'], name: string): string =>
  `arn:${partition}:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '')}`

const nameLimit = 2_048

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export const readReference = (given: string | undefined, { place }: Pick<Call, 'place'>): ParameterReference => {
  if (given === undefined) throw invalid(violation(undefined, 'name', 'Member must not be null'))
  if (given.length === 0) {
    throw invalid(violation(given, 'name', 'Member must have length greater than or equal to 1'))
  }
  if (given.length > nameLimit) {
    throw invalid(violation(given, 'name', `Member must have length less than or equal to ${nameLimit}`))
  }
  const { arn, path, name, selector } =
    /^(?:(?<arn>arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter(?<path>\/[^:]+))|(?<name>[^:]+))(?::(?<selector>[^:]+))?$/.exec(
      given,
    )?.groups ?? {}
  const selected = selector === undefined ? {} : { selector }
  if (name !== undefined) return { given, arn: parameterArn(place, name), names: [name], ...selected }
  if (arn === undefined || path === undefined) {
    throw invalid(violation(given, 'name', 'Member must be a name, an ARN, or one of these with a version or label'))
  }
  if (arn !== parameterArn(place, path)) {
    throw new Refused(refusals.unsupported('parameters of other accounts and regions'), [
      `${arn} is not of this account`,
    ])
  }
  return { given, arn, names: [path, path.slice(1)], ...selected }
}

const invalid = (message: string) =>
  new Refused(refusals.validation(message), [message], 'Name the parameter in 1 to 2048 characters: /path/name.')

/** Undefined where the store has no such parameter or version; labels, which nobody here can attach, are refused by name. */
export const findVersion = (
  { names, selector }: ParameterReference,
  { store }: Pick<Call, 'store'>,
): { readonly parameter?: Parameter; readonly version?: ParameterVersion } => {
  const parameter = names.map(store.find).find((found) => found !== undefined)
  if (!parameter) return {}
  if (selector !== undefined && !/^\d+$/.test(selector)) {
    throw new Refused(refusals.unsupported('labels of parameter versions'), [`${selector} is a label, not a version`])
  }
  const version =
    selector === undefined
      ? parameter.versions.at(-1)
      : parameter.versions.find((one) => one.version === Number(selector))
  return { parameter, ...(version && { version }) }
}
