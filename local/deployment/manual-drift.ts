import type { ApiMethod, DeployedResources, FunctionResource, RoleResource, SavedApi } from './deployed-resources.ts'

/** Changes made outside of deployments, such as in the console. The next deployment overwrites them. */
export interface ManualChanges {
  readonly deployment?: (deployment: DeployedResources) => DeployedResources
  /** Of the roles in the targets' accounts. */
  readonly targetRole?: (role: RoleResource) => RoleResource
  /** By the name of the function: what its module was replaced by. */
  readonly code?: Readonly<Record<string, string>>
  /** Functions, by name, whose environments end: what a warm one has cached would go on working. */
  readonly restarted?: readonly string[]
}

/** What an API is saved with and its stage serves. */
type ApiSettings = Pick<SavedApi, 'resourcePolicy' | 'methods'>

/** Saved, and deployed to the stage. */
export const withChangedApi = (change: (settings: ApiSettings) => Partial<ApiSettings>): ManualChanges => ({
  deployment: (deployment) => {
    const { api, savedApi } = deployment
    return { ...deployment, api: { ...api, ...change(api) }, savedApi: { ...savedApi, ...change(savedApi) } }
  },
})

export const withChangedMethods = (change: (method: ApiMethod) => readonly ApiMethod[]): ManualChanges =>
  withChangedApi(({ methods }) => ({ methods: methods.flatMap(change) }))

/** The stage serves something older than was saved. */
export const withChangedStage = (change: (settings: ApiSettings) => Partial<ApiSettings>): ManualChanges => ({
  deployment: (deployment) => ({ ...deployment, api: { ...deployment.api, ...change(deployment.api) } }),
})

export const withChangedFunction = (name: string, change: Partial<FunctionResource>): ManualChanges => ({
  deployment: (deployment) => ({
    ...deployment,
    functions: deployment.functions.map((fn) => (fn.name === name ? { ...fn, ...change } : fn)),
  }),
})

export const withChangedRole = (
  name: string,
  change: (role: RoleResource) => readonly RoleResource[],
): ManualChanges => ({
  deployment: (deployment) => ({
    ...deployment,
    roles: deployment.roles.flatMap((role) => (role.name === name ? change(role) : [role])),
  }),
})
