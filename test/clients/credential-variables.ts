import type { ClientCredentials } from './client-call.ts'

export const credentialVariables = ({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: ClientCredentials): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
})
