export { type AwsAnswer, type AwsCall, type AwsService, awsService, type Credentials } from './aws-service.ts'
export { Sha256 } from './sha256.ts'
