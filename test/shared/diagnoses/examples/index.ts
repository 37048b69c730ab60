import { gatewayExamples, lambdaExamples, policyExamples, signatureExamples, ssmExamples, stsExamples } from './aws.ts'
import type { Example } from './example.ts'
import { networkExamples, snowgateExamples } from './network-and-snowgate.ts'
import { driverExamples, loginExamples, sqlExamples } from './snowflake.ts'

export type { Example } from './example.ts'

export const examples: readonly Example[] = [
  ...signatureExamples,
  ...gatewayExamples,
  ...stsExamples,
  ...policyExamples,
  ...ssmExamples,
  ...lambdaExamples,
  ...loginExamples,
  ...sqlExamples,
  ...driverExamples,
  ...networkExamples,
  ...snowgateExamples,
]
