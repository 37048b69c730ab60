import { usageFailure } from '../command-failure.ts'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html */
const issuerPattern = /^https:\/\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tokens\.sts\.global\.api\.aws$/

/** @throws CommandFailure for what Snowflake would not take as ISSUER: https://sts.amazonaws.com is none */
export const parseIssuer = (url: string): string => {
  if (issuerPattern.test(url)) return url
  throw usageFailure(
    `${JSON.stringify(url)} is not the token issuer of an AWS account.`,
    'Expected https://<uuid>.tokens.sts.global.api.aws, from: aws iam get-outbound-web-identity-federation-info',
  )
}

/** Each AWS account has its own issuer, and only the account knows it; the local stack has those of its accounts. */
export const resolveIssuer = async (
  accountId: string,
  issuerOption: string | undefined,
  stack: LocalStackClient | undefined,
): Promise<string> => {
  if (issuerOption !== undefined) return parseIssuer(issuerOption)
  if (stack) return stack.tokenIssuer(accountId)
  throw usageFailure(
    `The access map sets webIdentityToken, but the token issuer of account ${accountId} is unknown.`,
    'Run aws iam get-outbound-web-identity-federation-info in that account and pass the result as --issuer <url>. If it is disabled, run aws iam enable-outbound-web-identity-federation first.',
  )
}
