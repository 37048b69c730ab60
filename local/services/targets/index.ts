export type { NamedTarget } from './access-map-target.ts'
export { type RunningTargets, startTargets } from './start-targets.ts'
export { targetRoles } from './target-roles.ts'
