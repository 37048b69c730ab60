import { partitionOf } from '../../shared/access/index.ts'
import { usageFailure } from '../command-failure.ts'

/** Where the service is at AWS. */
export interface DeployedApi {
  /** `https://<api>.execute-api.<region>.amazonaws.com/<stage>`, without a slash at its end. */
  readonly url: string
  readonly host: string
  readonly region: string
  readonly stage: string
  readonly accountId: string
}

/**
 * Snowflake takes the generated URL and neither a custom domain nor an edge endpoint's.
 * https://docs.snowflake.com/en/sql-reference/external-functions-introduction
 */
const apiUrlPattern =
  /^https:\/\/(?<host>[a-z0-9]+\.execute-api\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?)\/(?<stage>[a-z][a-z0-9]*)\/?$/

/** @throws CommandFailure when the URL or the account is not of the form that AWS gives them */
export const parseDeployedApi = (url: string, accountId: string): DeployedApi => {
  const { host, region, stage } = apiUrlPattern.exec(url)?.groups ?? {}
  if (host === undefined || region === undefined || stage === undefined) {
    throw usageFailure(
      `${JSON.stringify(url)} is not the URL of a deployed API.`,
      'Expected https://<api>.execute-api.<region>.amazonaws.com/<stage>. Snowflake does not call custom domains.',
    )
  }
  if (!/^\d{12}$/.test(accountId))
    throw usageFailure(`${JSON.stringify(accountId)} is not an AWS account id (12 digits).`)
  return { url: `https://${host}/${stage}`, host, region, stage, accountId }
}

/** Where API Gateway serves a stage of an API; in China under another domain. */
export const deployedApi = (
  apiId: string,
  { region, stage, accountId }: Pick<DeployedApi, 'region' | 'stage' | 'accountId'>,
): DeployedApi => {
  const domain = partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'
  const host = `${apiId}.execute-api.${region}.${domain}`
  return { url: `https://${host}/${stage}`, host, region, stage, accountId }
}
