export { signedRegion, signedService } from './signed-request.ts'
export type {
  AccessKey,
  SignatureForm,
  SignatureRejection,
  SignatureRejectionCode,
  VerificationResult,
  VerifyingEndpoint,
} from './verification-result.ts'
export { verifySignature } from './verify-signature.ts'
