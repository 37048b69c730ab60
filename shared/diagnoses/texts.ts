import type { SystemTexts } from './error-text.ts'
import { apiGatewayTexts } from './texts/api-gateway.ts'
import { lambdaTexts } from './texts/lambda.ts'
import { networkTexts } from './texts/network.ts'
import { nodeDriverTexts } from './texts/node-driver.ts'
import { policyTexts } from './texts/policies.ts'
import { pythonConnectorTexts } from './texts/python-connector.ts'
import { signatureTexts } from './texts/signature.ts'
import { snowflakeLoginTexts } from './texts/snowflake-login.ts'
import { snowflakeSqlTexts } from './texts/snowflake-sql.ts'
import { snowgateTexts } from './texts/snowgate.ts'
import { ssmTexts } from './texts/ssm.ts'
import { stsTexts } from './texts/sts.ts'

/** Messages of a failed login to Snowflake, from reading the key to the first query. */
export const loginTexts: readonly SystemTexts[] = [
  policyTexts,
  stsTexts,
  ssmTexts,
  signatureTexts,
  snowflakeLoginTexts,
  snowflakeSqlTexts,
  networkTexts,
  nodeDriverTexts,
]

/** All known messages. Earlier rows take precedence. */
export const allTexts: readonly SystemTexts[] = [
  snowgateTexts,
  policyTexts,
  stsTexts,
  ssmTexts,
  lambdaTexts,
  apiGatewayTexts,
  signatureTexts,
  snowflakeLoginTexts,
  snowflakeSqlTexts,
  networkTexts,
  nodeDriverTexts,
  pythonConnectorTexts,
]
