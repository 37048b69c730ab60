export { type AllowRule, parseAllowRule, ruleAllows, type TargetMethod, targetMethods } from './allow-rule.ts'
export { isPublicAddress } from './public-address.ts'
export {
  type CallableTarget,
  parseTargets,
  serializeTargets,
  type Target,
  targetsVariable,
} from './target-definitions.ts'
export { encodePath, type PathSegments, parseTargetPath } from './target-path.ts'
export { targetUrlFault } from './target-url.ts'
