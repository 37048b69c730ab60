export {
  type Decision,
  type Identity,
  type IdentitySummary,
  type LocalStack,
  openLocalStack,
  stackOption,
} from './local-stack.ts'
