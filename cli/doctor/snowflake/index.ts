export { type Identity, identitiesOf } from './identities.ts'
export { type Look, look, type Properties } from './look.ts'
export { externalIdOf, iamUserOf, type Trust, trustIn } from './trust.ts'
