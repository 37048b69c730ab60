export { signedRegion, signedService } from './signed-service.ts'
export type {
  AccessKey,
  SignatureForm,
  SignatureRefusal,
  SignatureRefusalCode,
  Verdict,
  VerifyingEndpoint,
} from './types.ts'
export { verify } from './verify.ts'
