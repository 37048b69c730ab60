import type { RoleResource } from '../../template/index.ts'
import { type Call, Refused } from '../call.ts'

/** The role that `RoleName` names, for a caller who may know it. */
export const roleAsked = (given: ReadonlyMap<string, string>, call: Call, action: string): RoleResource => {
  const { place, deployment, caller, demand } = call
  const name = given.get('RoleName')
  if (name === undefined) {
    const message =
      "1 validation error detected: Value null at 'roleName' failed to satisfy constraint: Member must not be null"
    throw new Refused({ status: 400, code: 'ValidationError', message }, { because: message })
  }
  const role = deployment?.roles.find((one) => one.name === name)
  demand({
    action,
    // A role that is not there would lie at the path /.
    resource: role?.arn ?? `arn:${place.partition}:iam::${caller.accountId}:role/${name}`,
    // O: github.com/aws/aws-cdk/issues/27067
    shown: `role ${name}`,
  })
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`)
  return role
}

/**
 * Code and status D: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html ; the sentences O:
 * github.com/jarpy/lambkin/pull/3, github.com/aws/aws-cli/issues/6139
 */
export const noSuchEntity = (message: string): Refused =>
  new Refused({ status: 404, code: 'NoSuchEntity', message }, { because: message })

/** IAM hands out its documents URL-encoded, after RFC 3986. D: the same page */
export const encodedDocument = (document: unknown): string =>
  encodeURIComponent(JSON.stringify(document)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
