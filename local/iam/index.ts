export {
  type AccessRequest,
  type Decision,
  type DecisionStep,
  type Denial,
  type NamedPolicy,
  PolicyError,
  type PolicyType,
  type Principal,
} from './access-request.ts'
export { denialSuffix } from './denial-suffix.ts'
export { evaluate } from './evaluate.ts'
export { validatePolicy } from './policy.ts'
export { requestContextKeys } from './request-context.ts'
