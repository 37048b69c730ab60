import { GetOutboundWebIdentityFederationInfoCommand, IAMClient } from '@aws-sdk/client-iam'
import { type Account, clientConfig } from './account.ts'
import { isNamed, look } from './look.ts'

/** Of the web identity tokens of the account; undefined where it hands out none. */
export const tokenIssuer = async (account: Account): Promise<string | undefined> => {
  const iam = new IAMClient(clientConfig(account))
  const info = await look(
    'GetOutboundWebIdentityFederationInfo',
    () => iam.send(new GetOutboundWebIdentityFederationInfoCommand()),
    isNamed('FeatureDisabledException', 'FeatureDisabled'),
  )
  return info?.IssuerIdentifier
}
