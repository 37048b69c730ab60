import type { ClientCall, ClientCredentials, ClientResult } from './client-call.ts'

/** AssumeRole as a form, for clients that only sign. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRoleForm = ({ roleArn, externalId }: NonNullable<ClientCall['callerRole']>): string =>
  new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'client',
    ...(externalId !== undefined && { ExternalId: externalId }),
  }).toString()

/** The session, or the error of STS. */
export const readSession = (xml: string, status: number | undefined): ClientCredentials | ClientResult => {
  const element = (tag: string) => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml)?.[1]
  const accessKeyId = element('AccessKeyId')
  const secretAccessKey = element('SecretAccessKey')
  const sessionToken = element('SessionToken')
  if (accessKeyId && secretAccessKey && sessionToken) return { accessKeyId, secretAccessKey, sessionToken }
  const errorType = element('Code')
  return {
    ...(status !== undefined && { status }),
    ...(errorType !== undefined && { errorType }),
    message: element('Message') ?? xml,
  }
}
