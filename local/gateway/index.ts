export { domainNameOf } from './domain-name.ts'
export { createGateway } from './gateway.ts'
