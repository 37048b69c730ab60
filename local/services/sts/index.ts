export { createSts } from './sts-endpoint.ts'
export { createTokenIssuers, issuerOf, type TokenIssuers } from './token-issuers.ts'
