import { ServiceError } from '../../shared/errors/index.ts'
import { type Evidence, SnowflakeFailure } from '../../shared/snowflake/index.ts'

export const diagnose = (evidence: Evidence): ServiceError => {
  const detail = evidence.error?.message
  return new ServiceError(evidence.phase === 'query' ? 'SNOWFLAKE_QUERY_REFUSED' : 'SNOWFLAKE_LOGIN_REFUSED', {
    cause: new SnowflakeFailure(evidence),
    ...(detail && { detail }),
  })
}
