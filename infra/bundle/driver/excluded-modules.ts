/** A module that is excluded from the bundle of the official driver. Using it throws an error that names it. */
export interface ExcludedModule {
  /** The import specifier: a package, or a file in `node_modules`. */
  readonly module: string
  /** The importing package. */
  readonly importedBy: string
  /** "The bundled driver does not include …" */
  readonly feature: string
  /** Why the probe never uses it. */
  readonly reason: string
}

const driver = 'snowflake-sdk'

/**
 * All modules that are excluded from snowflake-sdk 3.3.0. Never exclude certificate checks, proxies, AWS credentials, result
 * types or the driver's errors.
 */
export const excludedModules: readonly ExcludedModule[] = [
  {
    module: 'snowflake-sdk/dist/lib/file_transfer_agent/file_transfer_agent',
    importedBy: driver,
    feature: 'PUT and GET of files',
    reason: 'the probe sends one SELECT; this also excludes the storage clients of three clouds',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_workload_identity/attestation_azure',
    importedBy: driver,
    feature: 'workload identities of Azure',
    reason: 'a Lambda function has an AWS identity',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_workload_identity/attestation_gcp',
    importedBy: driver,
    feature: 'workload identities of Google Cloud',
    reason: 'a Lambda function has an AWS identity',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_web',
    importedBy: driver,
    feature: 'logins through a browser',
    reason: 'a function has no browser',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_idtoken',
    importedBy: driver,
    feature: 'logins with a cached browser token',
    reason: 'a function has no browser',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_okta',
    importedBy: driver,
    feature: 'logins through Okta',
    reason: 'the access map supports workload identities and key pairs',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_oauth_authorization_code',
    importedBy: driver,
    feature: 'OAuth through a browser',
    reason: 'a function has no browser',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_oauth_client_credentials',
    importedBy: driver,
    feature: 'OAuth with a client secret',
    reason: 'the access map supports workload identities and key pairs',
  },
  {
    module: '@aws-sdk/ec2-metadata-service',
    importedBy: driver,
    feature: 'the region from the metadata of EC2',
    reason: 'Lambda sets AWS_REGION, and the probe reports when it is missing',
  },
  {
    module: 'winston',
    importedBy: driver,
    feature: 'a log without customLogger',
    reason: 'the thread has set one; winston would write a file where Lambda has no writable disk',
  },
  {
    module: 'generic-pool',
    importedBy: driver,
    feature: 'pools of connections',
    reason: 'each probe logs in again, because it tests the login',
  },
  {
    module: 'toml',
    importedBy: driver,
    feature: 'connections.toml',
    reason: 'the thread passes all options',
  },
  {
    module: 'form-data',
    importedBy: 'axios',
    feature: 'forms',
    reason: 'Snowflake accepts JSON; this also excludes a table of all media types',
  },
  {
    module: 'http2',
    importedBy: 'axios',
    feature: 'HTTP/2',
    reason: 'the driver gives axios agents of HTTP/1.1',
  },
  {
    module: '@techteamer/ocsp/lib/ocsp/server',
    importedBy: '@techteamer/ocsp',
    feature: 'an OCSP responder',
    reason: 'the driver is only a client of OCSP responders, and that part is unchanged',
  },
]

/** Replaces the module. */
export const excludedModuleSource = ({ feature }: ExcludedModule): string =>
  `module.exports = ${throwingProxy(feature)}`

/** A JavaScript expression. Every use throws, except reading the default export, which happens on load. */
export const throwingProxy = (feature: string): string => `(() => {
  const reject = () => { throw new Error(${JSON.stringify(`The bundled driver does not include ${feature}.`)}) }
  return new Proxy(function () {}, {
    apply: reject,
    construct: reject,
    get: (target, name, proxy) =>
      typeof name === 'symbol' || name in target ? target[name] : name === 'default' ? proxy : reject(),
  })
})()`
