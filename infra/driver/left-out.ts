/** A module that is excluded from the bundle of the official driver. Using it throws an error that names it. */
export interface LeftOut {
  /** The import specifier: a package, or a file in `node_modules`. */
  readonly module: string
  /** The importing package. */
  readonly importedBy: string
  /** "The bundled driver does not include …" */
  readonly what: string
  /** Why the probe never uses it. */
  readonly because: string
}

const driver = 'snowflake-sdk'

/**
 * All modules that are excluded from snowflake-sdk 3.3.0. Never exclude certificate checks, proxies, AWS credentials, result
 * types or the driver's errors.
 */
export const leftOut: readonly LeftOut[] = [
  {
    module: 'snowflake-sdk/dist/lib/file_transfer_agent/file_transfer_agent',
    importedBy: driver,
    what: 'PUT and GET of files',
    because: 'the probe sends one SELECT; this also excludes the storage clients of three clouds',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_workload_identity/attestation_azure',
    importedBy: driver,
    what: 'workload identities of Azure',
    because: 'a Lambda function has an AWS identity',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_workload_identity/attestation_gcp',
    importedBy: driver,
    what: 'workload identities of Google Cloud',
    because: 'a Lambda function has an AWS identity',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_web',
    importedBy: driver,
    what: 'logins through a browser',
    because: 'a function has no browser',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_idtoken',
    importedBy: driver,
    what: 'logins with a cached browser token',
    because: 'a function has no browser',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_okta',
    importedBy: driver,
    what: 'logins through Okta',
    because: 'the access map supports workload identities and key pairs',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_oauth_authorization_code',
    importedBy: driver,
    what: 'OAuth through a browser',
    because: 'a function has no browser',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_oauth_client_credentials',
    importedBy: driver,
    what: 'OAuth with a client secret',
    because: 'the access map supports workload identities and key pairs',
  },
  {
    module: '@aws-sdk/ec2-metadata-service',
    importedBy: driver,
    what: 'the region from the metadata of EC2',
    because: 'Lambda sets AWS_REGION, and the probe reports when it is missing',
  },
  {
    module: 'winston',
    importedBy: driver,
    what: 'a log without customLogger',
    because: 'the thread has set one; winston would write a file where Lambda has no writable disk',
  },
  {
    module: 'generic-pool',
    importedBy: driver,
    what: 'pools of connections',
    because: 'each probe logs in again, because it tests the login',
  },
  {
    module: 'toml',
    importedBy: driver,
    what: 'connections.toml',
    because: 'the thread passes all options',
  },
  {
    module: 'form-data',
    importedBy: 'axios',
    what: 'forms',
    because: 'Snowflake accepts JSON; this also excludes a table of all media types',
  },
  {
    module: 'http2',
    importedBy: 'axios',
    what: 'HTTP/2',
    because: 'the driver gives axios agents of HTTP/1.1',
  },
  {
    module: '@techteamer/ocsp/lib/ocsp/server',
    importedBy: '@techteamer/ocsp',
    what: 'an OCSP responder',
    because: 'the driver is only a client of OCSP responders, and that part is unchanged',
  },
]

/** Replaces the module. */
export const refusal = ({ what }: LeftOut): string => `module.exports = ${refusing(what)}`

/** A JavaScript expression. Every use throws, except reading the default export, which happens on load. */
export const refusing = (what: string): string => `(() => {
  const refuse = () => { throw new Error(${JSON.stringify(`The bundled driver does not include ${what}.`)}) }
  return new Proxy(function () {}, {
    apply: refuse,
    construct: refuse,
    get: (target, name, itself) =>
      typeof name === 'symbol' || name in target ? target[name] : name === 'default' ? itself : refuse(),
  })
})()`
