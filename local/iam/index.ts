export { denialSuffix } from './denial-suffix.ts'
export { evaluate } from './evaluate.ts'
export { validatePolicy } from './policy.ts'
export {
  type AccessRequest,
  type Decision,
  type Denial,
  type NamedPolicy,
  PolicyError,
  type PolicyType,
  type Principal,
  type Step,
} from './types.ts'
