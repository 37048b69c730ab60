export type { Target } from './target.ts'
export { targetRoles } from './target-roles.ts'
export { type RunningTargets, startTargets } from './targets.ts'
