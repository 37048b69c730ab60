export { compare } from './compare.ts'
export { type Derived, type DerivedFunction, derive, NotDerivable } from './derived.ts'
