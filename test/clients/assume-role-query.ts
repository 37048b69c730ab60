import type { Journey, Keys, Outcome } from './journey.ts'

/** AssumeRole as a form, for clients that only sign. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRoleForm = ({ roleArn, externalId }: NonNullable<Journey['door']>): string =>
  new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: 'client',
    ...(externalId !== undefined && { ExternalId: externalId }),
  }).toString()

/** The session, or what STS refused it with. */
export const readSession = (xml: string, status: number | undefined): Keys | Outcome => {
  const element = (tag: string) => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(xml)?.[1]
  const accessKeyId = element('AccessKeyId')
  const secretAccessKey = element('SecretAccessKey')
  const sessionToken = element('SessionToken')
  if (accessKeyId && secretAccessKey && sessionToken) return { accessKeyId, secretAccessKey, sessionToken }
  const errorType = element('Code')
  return {
    ...(status !== undefined && { status }),
    ...(errorType !== undefined && { errorType }),
    words: element('Message') ?? xml,
  }
}
