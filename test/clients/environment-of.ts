import type { Keys } from './journey.ts'

export const environmentOf = ({ accessKeyId, secretAccessKey, sessionToken }: Keys): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
})
