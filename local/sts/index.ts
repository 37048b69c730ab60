export { createSts } from './sts.ts'
export { createTokenIssuers, issuerOf, type TokenIssuers } from './token-issuers.ts'
