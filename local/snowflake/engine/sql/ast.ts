import type { SnowflakeType, Value } from '../values/index.ts'

/** The parts of a dotted name, folded to upper case unless quoted. */
export type Name = readonly string[]

export type BinaryOperator = '+' | '-' | '*' | '||' | '=' | '<>' | '<' | '<=' | '>' | '>=' | 'AND' | 'OR'

export type Expression =
  | { readonly kind: 'literal'; readonly value: Value; readonly type: SnowflakeType }
  | { readonly kind: 'column'; readonly name: Name }
  | { readonly kind: 'variable'; readonly name: string }
  /** `?` or `:2`; places count from 1. */
  | { readonly kind: 'bind'; readonly position: number }
  | { readonly kind: 'call'; readonly name: Name; readonly arguments: readonly Expression[]; readonly star: boolean }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly to: SnowflakeType }
  | { readonly kind: 'path'; readonly operand: Expression; readonly key: string | number }
  | { readonly kind: 'negative' | 'not' | 'isNull'; readonly operand: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }

export interface Query {
  readonly items: readonly (
    | { readonly kind: 'star'; readonly table: string | undefined }
    | { readonly kind: 'item'; readonly expression: Expression; readonly name: string }
  )[]
  readonly from: Source | undefined
  readonly where: Expression | undefined
  readonly orderBy: readonly { readonly expression: Expression; readonly descending: boolean }[]
  readonly limit: number | undefined
}

interface Alias {
  readonly alias: string | undefined
  readonly columns: readonly string[]
}

export type Source = Alias &
  (
    | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
    | { readonly kind: 'generator'; readonly rowCount: number }
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'view'; readonly name: Name }
  )

/** What stands after `=`: text, number, TRUE, a name, a list of these, or pairs of them. */
export type Setting =
  | string
  | number
  | boolean
  | { readonly name: Name }
  | readonly Setting[]
  | { readonly pairs: readonly (readonly [key: string, value: Setting])[] }

export type Settings = Readonly<Record<string, Setting>>

interface Creation {
  readonly name: Name
  readonly orReplace: boolean
  readonly ifNotExists: boolean
  readonly settings: Settings
}

export interface FunctionCreation extends Creation {
  readonly kind: 'create function'
  readonly language: 'EXTERNAL FUNCTION' | 'PYTHON FUNCTION'
  readonly parameters: readonly { readonly name: string; readonly type: SnowflakeType }[]
  readonly returns: SnowflakeType
  readonly secure: boolean
  readonly notNull: boolean
  /** RETURNS NULL ON NULL INPUT: rows with a NULL among their arguments are not sent. */
  readonly strict: boolean
  /** The URL of an external function, the source of another. */
  readonly body: string
}

export type IdentityChange =
  | { readonly action: 'add' | 'set'; readonly settings: Settings }
  | { readonly action: 'unset'; readonly names: readonly string[] }
  | { readonly action: 'rename'; readonly to: string }
  | { readonly action: 'remove' }

export type PolicyKind = 'NETWORK POLICY' | 'AUTHENTICATION POLICY'

export type StatementOf<Kind extends Statement['kind']> = Extract<Statement, { readonly kind: Kind }>

export type Statement =
  | { readonly kind: 'query'; readonly query: Query }
  | (Creation & { readonly kind: 'create'; readonly object: string })
  | FunctionCreation
  | {
      readonly kind: 'alter'
      readonly object: string
      readonly name: Name
      readonly ifExists: boolean
      readonly settings: Settings
      /** The settings that UNSET names. */
      readonly unset: readonly string[]
    }
  | {
      readonly kind: 'alter workload identity'
      /** Undefined: who is logged in. */
      readonly user: Name | undefined
      readonly ifExists: boolean
      readonly identity: string
      readonly change: IdentityChange
    }
  | {
      readonly kind: 'attach policy'
      readonly policy: PolicyKind
      /** Undefined: the account. */
      readonly user: Name | undefined
      readonly ifExists: boolean
      /** Undefined: the policy that is there is taken away. */
      readonly name: Name | undefined
    }
  | { readonly kind: 'describe policy'; readonly policy: PolicyKind; readonly name: Name }
  | {
      readonly kind: 'show policies'
      readonly policy: PolicyKind
      /** Undefined: all there are. */
      readonly on: 'ACCOUNT' | Name | undefined
    }
  /** NETWORK_POLICY alone; of the account unless a user is named. */
  | { readonly kind: 'show parameter'; readonly user: Name | undefined }
  | { readonly kind: 'drop'; readonly object: string; readonly name: Name; readonly ifExists: boolean }
  | {
      readonly kind: 'drop function'
      readonly name: Name
      readonly ifExists: boolean
      readonly types: readonly SnowflakeType[]
    }
  | { readonly kind: 'describe integration'; readonly name: Name }
  | { readonly kind: 'describe network rule'; readonly name: Name }
  | { readonly kind: 'describe user'; readonly name: Name }
  | { readonly kind: 'describe function'; readonly name: Name; readonly types: readonly SnowflakeType[] }
  | {
      readonly kind: 'grant usage' | 'revoke usage'
      /** `SCHEMA`, `FUNCTION` */
      readonly on: string
      readonly object: Name
      /** Of a function's parameters; undefined: it is none. */
      readonly types: readonly SnowflakeType[] | undefined
      readonly role: Name
    }
  | { readonly kind: 'show grants to role'; readonly role: Name }
  | { readonly kind: 'grant role' | 'revoke role'; readonly role: Name; readonly user: Name }
  | { readonly kind: 'show workload identities' | 'show grants to user'; readonly user: Name | undefined }
  | { readonly kind: 'show integrations' | 'show functions' | 'grant' }
  | { readonly kind: 'use'; readonly object: string; readonly name: Name }
  | { readonly kind: 'set'; readonly name: string; readonly expression: Expression }
