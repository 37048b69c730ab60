import type { AllowedRoute } from './target.ts'

const actions = new Map<string, string>([
  ['GET /status', 'neptune-db:GetEngineStatus'],
  ['GET /openCypher', 'neptune-db:ReadDataViaQuery'],
  ['POST /openCypher', 'neptune-db:ReadDataViaQuery'],
])

export const neptuneRoutes = [...actions.keys()]

/** What a request is checked for. https://docs.aws.amazon.com/neptune/latest/userguide/iam-dp-actions.html */
export const neptuneAction = (method: string, path: string): string | undefined => actions.get(`${method} ${path}`)

/** What a route of the map needs. */
export const neptuneActionsFor = ({ method, path }: AllowedRoute): readonly string[] => {
  const pattern = `${method} ${path}`.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')
  return [...actions].filter(([route]) => new RegExp(`^${pattern}$`).test(route)).map(([, action]) => action)
}
