import type { Credentials } from '../signing/index.ts'

/** What asynchronous batches need to know of where they run. */
export interface BatchSettings {
  readonly region: string
  readonly functionName: string
  readonly tableName: string
  readonly credentials: Credentials
  readonly endpoints: { readonly dynamodb: string; readonly lambda: string }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Throws a TypeError that names every variable that is missing. Lambda sets all but BATCHES_TABLE, the template that. */
export const readBatchSettings = (env: Environment = process.env): BatchSettings => {
  const missing: string[] = []
  const needed = (name: string): string => {
    const value = env[name]
    if (!value) missing.push(name)
    return value ?? ''
  }
  const region = needed('AWS_REGION')
  const sessionToken = env['AWS_SESSION_TOKEN']
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  const endpoint = (service: 'dynamodb' | 'lambda'): string =>
    env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
    env['AWS_ENDPOINT_URL'] ??
    `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
  const settings = {
    region,
    functionName: needed('AWS_LAMBDA_FUNCTION_NAME'),
    tableName: needed('BATCHES_TABLE'),
    credentials: {
      accessKeyId: needed('AWS_ACCESS_KEY_ID'),
      secretAccessKey: needed('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken && { sessionToken }),
    },
    endpoints: { dynamodb: endpoint('dynamodb'), lambda: endpoint('lambda') },
  }
  if (missing.length > 0) throw new TypeError(`The environment lacks ${missing.join(', ')}.`)
  return settings
}
