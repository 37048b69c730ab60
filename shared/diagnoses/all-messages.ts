import type { SystemMessages } from './known-message.ts'
import { apiGatewayMessages } from './messages/api-gateway.ts'
import { lambdaMessages } from './messages/lambda.ts'
import { networkMessages } from './messages/network.ts'
import { nodeDriverMessages } from './messages/node-driver.ts'
import { policyMessages } from './messages/policies.ts'
import { pythonConnectorMessages } from './messages/python-connector.ts'
import { signatureMessages } from './messages/signature.ts'
import { snowflakeLoginMessages } from './messages/snowflake-login.ts'
import { snowflakeSqlMessages } from './messages/snowflake-sql.ts'
import { snowgateMessages } from './messages/snowgate.ts'
import { ssmMessages } from './messages/ssm.ts'
import { stsMessages } from './messages/sts.ts'

/** Messages of a failed login to Snowflake, from reading the key to the first query. */
export const loginMessages: readonly SystemMessages[] = [
  policyMessages,
  stsMessages,
  ssmMessages,
  signatureMessages,
  snowflakeLoginMessages,
  snowflakeSqlMessages,
  networkMessages,
  nodeDriverMessages,
]

/** All known messages. Earlier rows take precedence. */
export const allMessages: readonly SystemMessages[] = [
  snowgateMessages,
  policyMessages,
  stsMessages,
  ssmMessages,
  lambdaMessages,
  apiGatewayMessages,
  signatureMessages,
  snowflakeLoginMessages,
  snowflakeSqlMessages,
  networkMessages,
  nodeDriverMessages,
  pythonConnectorMessages,
]
