export { type AwsAnswer, type AwsCall, type AwsService, awsService, type Credentials } from './aws-service.ts'
export { requestSigner, type SignedRequest, type UnsignedRequest } from './request-signer.ts'
export { Sha256 } from './sha256.ts'
export { uriEncode } from './uri-encode.ts'
