export type {
  BinaryOperator,
  Expression,
  FunctionCreation,
  Name,
  PolicyKind,
  Query,
  Settings,
  Source,
  Statement,
  StatementOf,
} from './ast.ts'
export { createCursor } from './cursor.ts'
export { tokenize } from './lexer.ts'
export { parseStatement } from './statement.ts'
