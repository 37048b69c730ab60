import { usageFailure } from '../command-failure.ts'
import type { LocalStack } from '../local-stack/index.ts'

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html */
const form = /^https:\/\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.tokens\.sts\.global\.api\.aws$/

/** @throws CommandFailure for what Snowflake would not take as ISSUER: https://sts.amazonaws.com is none */
export const parseIssuer = (url: string): string => {
  if (form.test(url)) return url
  throw usageFailure(
    `${JSON.stringify(url)} is not the token issuer of an AWS account.`,
    'Expected https://<uuid>.tokens.sts.global.api.aws, from: aws iam get-outbound-web-identity-federation-info',
  )
}

/** Each AWS account has an issuer of its own, which only it can tell; the local stack tells those it plays. */
export const issuerOf = async (
  accountId: string,
  given: string | undefined,
  stack: LocalStack | undefined,
): Promise<string> => {
  if (given !== undefined) return parseIssuer(given)
  if (stack) return stack.tokenIssuer(accountId)
  throw usageFailure(
    `The access map sets webIdentityToken, but the token issuer of account ${accountId} is unknown.`,
    'Run aws iam get-outbound-web-identity-federation-info in that account and pass the result as --issuer <url>. If it is disabled, run aws iam enable-outbound-web-identity-federation first.',
  )
}
