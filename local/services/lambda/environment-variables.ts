import { createHash } from 'node:crypto'
import type { LambdaFunction, RoleCredentials } from './lambda-function.ts'

/**
 * Everything a function finds in its environment: nothing comes from the process of the stack.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 *
 * `/var/runtime` and `/opt` are named as on Lambda and are not there: a package must bring what it imports. The runtime
 * API and the X-Ray daemon are named on loopback, where nothing of ours listens.
 */
export const environmentVariables = (
  fn: LambdaFunction,
  settings: {
    readonly region: string
    readonly credentials: RoleCredentials
    readonly logStream: string
    readonly endpointVariables: Readonly<Record<string, string>>
  },
): Record<string, string> => ({
  // These a template may replace.
  PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
  NODE_PATH: [
    '/opt/nodejs/node24/node_modules',
    '/opt/nodejs/node_modules',
    '/var/runtime/node_modules',
    '/var/runtime',
    fn.codeDirectory,
  ].join(':'),
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
  ...fn.environment,
  // These are reserved.
  _HANDLER: fn.handler,
  AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
  AWS_REGION: settings.region,
  AWS_DEFAULT_REGION: settings.region,
  AWS_ACCESS_KEY_ID: settings.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: settings.credentials.secretAccessKey,
  AWS_SESSION_TOKEN: settings.credentials.sessionToken,
  AWS_LAMBDA_FUNCTION_NAME: fn.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${fn.memorySize}`,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: settings.logStream,
  AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
  LAMBDA_TASK_ROOT: fn.codeDirectory,
  LAMBDA_RUNTIME_DIR: '/var/runtime',
  PWD: fn.codeDirectory,
  ...settings.endpointVariables,
})

/** `2026/11/05/[$LATEST]<32 hex>`: another for each environment, the same in each run of the same stack. */
export const logStreamName = (fn: LambdaFunction, started: Date, count: number): string => {
  const day = started.toISOString().slice(0, 10).replaceAll('-', '/')
  const id = createHash('sha256').update(`${fn.arn} ${count}`).digest('hex').slice(0, 32)
  return `${day}/[$LATEST]${id}`
}

const reservedNames = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
])

/** The names a template sets though Lambda keeps them to itself. */
export const reservedNamesIn = (variables: Readonly<Record<string, string>>): string[] =>
  Object.keys(variables).filter((name) => reservedNames.has(name))
