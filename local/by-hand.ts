import type { ApiMethod, Deployment, FunctionResource, RoleResource, SavedApi } from './template/index.ts'

/** What somebody changed since the deployment, past it: the next one makes everything anew and knows nothing of it. */
export interface ByHand {
  readonly deployment?: (deployment: Deployment) => Deployment
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
export const inApi = (change: (settings: ApiSettings) => Partial<ApiSettings>): ByHand => ({
  deployment: (deployment) => {
    const { api, savedApi } = deployment
    return { ...deployment, api: { ...api, ...change(api) }, savedApi: { ...savedApi, ...change(savedApi) } }
  },
})

export const inMethods = (change: (method: ApiMethod) => readonly ApiMethod[]): ByHand =>
  inApi(({ methods }) => ({ methods: methods.flatMap(change) }))

/** The stage serves something older than was saved. */
export const inServedApi = (change: (settings: ApiSettings) => Partial<ApiSettings>): ByHand => ({
  deployment: (deployment) => ({ ...deployment, api: { ...deployment.api, ...change(deployment.api) } }),
})

export const inFunction = (name: string, change: Partial<FunctionResource>): ByHand => ({
  deployment: (deployment) => ({
    ...deployment,
    functions: deployment.functions.map((fn) => (fn.name === name ? { ...fn, ...change } : fn)),
  }),
})

export const inRole = (name: string, change: (role: RoleResource) => readonly RoleResource[]): ByHand => ({
  deployment: (deployment) => ({
    ...deployment,
    roles: deployment.roles.flatMap((role) => (role.name === name ? change(role) : [role])),
  }),
})
