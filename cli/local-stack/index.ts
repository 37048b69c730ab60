export {
  type Decision,
  defaultStackUrl,
  type Identity,
  type IdentitySummary,
  type LocalStack,
  openLocalStack,
  type ResultSet,
  type Service,
  type Statements,
  stackOption,
} from './local-stack.ts'
