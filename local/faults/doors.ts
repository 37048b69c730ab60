import { doorRoleName, snowflakeNames } from '../../shared/access/index.ts'
import { inRole } from '../by-hand.ts'
import type { RoleResource } from '../template/index.ts'
import { askingFor, rewritten, withoutResources } from './documents.ts'
import { accountCaller, type Fault, type MapScene, NothingToBreak, type Scene, snowflakeCaller } from './fault.ts'

const accountDoor = (scene: MapScene) => doorRoleName(scene.stageName, accountCaller(scene).name)
const snowflakeDoor = (scene: MapScene) => doorRoleName(scene.stageName, snowflakeCaller(scene).name)

const inTrust = (door: string, change: (text: string) => string) =>
  inRole(door, (role) => [{ ...role, trustPolicy: rewritten(role.trustPolicy, change) }])

/** The role without some of the resources in its policies. */
const without = (isMeant: (resource: string) => boolean) => (role: RoleResource) => [
  { ...role, identityPolicies: role.identityPolicies.map((policy) => withoutResources(policy, isMeant)) },
]

const somebodyElse = ({ place: { partition } }: Scene) => `arn:${partition}:iam::222222222222:role/SomebodyElse`

export const apiIntegration = (scene: MapScene) =>
  snowflakeNames(scene.stageName, snowflakeCaller(scene).name).apiIntegration

/** As infra/snowflake/api-integration.sql creates it. */
export const integrationAgain = (scene: Scene, { roleArn, prefix }: { roleArn: string; prefix: string }) =>
  `CREATE OR REPLACE API INTEGRATION "${apiIntegration(scene)}" API_PROVIDER = aws_api_gateway
  API_AWS_ROLE_ARN = '${roleArn}' API_ALLOWED_PREFIXES = ('${prefix}') ENABLED = TRUE`

export const doorArn = (scene: Scene, door = snowflakeDoor(scene)) =>
  `arn:${scene.place.partition}:iam::${scene.place.accountId}:role/${door}`

export const doorFaults = {
  'caller-pending': {
    map: {
      edits: (scene) => {
        const at = ['callers', snowflakeCaller(scene).name]
        return [{ path: [...at, 'iamUserArn'] }, { path: [...at, 'externalIds'] }]
      },
      deployed: true,
    },
  },
  'caller-role-missing': { byHand: (scene) => inRole(accountDoor(scene), () => []) },
  'caller-role-principal-wrong': {
    byHand: (scene) => {
      const { caller } = accountCaller(scene)
      const principals: readonly string[] = caller.kind === 'account' ? caller.principals : []
      return inTrust(accountDoor(scene), (text) => (principals.includes(text) ? somebodyElse(scene) : text))
    },
  },
  'external-id-wrong': {
    byHand: (scene) => {
      const { externalIds } = snowflakeCaller(scene).caller
      return inTrust(snowflakeDoor(scene), (text) => (externalIds.includes(text) ? text.replace(/=$/, '') : text))
    },
  },
  'external-id-missing': {
    byHand: (scene) =>
      inRole(accountDoor(scene), (role) => [
        { ...role, trustPolicy: askingFor(role.trustPolicy, 'sts:ExternalId', 'nobody-was-told') },
      ]),
  },
  'integration-recreated': {
    sql: (scene) => [integrationAgain(scene, { roleArn: doorArn(scene), prefix: `${scene.apiUrl}/` })],
  },
  'route-not-granted': {
    byHand: (scene) =>
      inRole(
        accountDoor(scene),
        without((text) => text.endsWith('/POST/hello')),
      ),
  },
  'invoke-not-granted': {
    byHand: (scene) => {
      const { name, caller } = accountCaller(scene)
      if (!caller.routes.some(({ method }) => method === 'INVOKE'))
        throw new NothingToBreak(`The caller ${name} invokes no function directly.`)
      return inRole(
        accountDoor(scene),
        without((text) => text.includes(':function:')),
      )
    },
  },
} as const satisfies Readonly<Record<string, Fault>>
