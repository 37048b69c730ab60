/** A module that the bundle of the official driver does without. Whoever comes there is told so, by name. */
export interface LeftOut {
  /** As it is imported: a package, or a file below `node_modules`. */
  readonly module: string
  /** The package whose import of it is meant. */
  readonly importedBy: string
  /** "The bundled driver does without …" */
  readonly what: string
  /** Why the probe never comes there. */
  readonly because: string
}

const driver = 'snowflake-sdk'

/**
 * All that is left out of snowflake-sdk 3.3.0. What checks certificates, proxies, the credentials of AWS, every type of a
 * result and the driver's errors are not among it, and stay that way.
 */
export const leftOut: readonly LeftOut[] = [
  {
    module: 'snowflake-sdk/dist/lib/file_transfer_agent/file_transfer_agent',
    importedBy: driver,
    what: 'PUT and GET of files',
    because: 'the probe sends one SELECT; with them go the storage clients of three clouds',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_workload_identity/attestation_azure',
    importedBy: driver,
    what: 'workload identities of Azure',
    because: 'a function of Lambda has one of AWS',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_workload_identity/attestation_gcp',
    importedBy: driver,
    what: 'workload identities of Google Cloud',
    because: 'a function of Lambda has one of AWS',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_web',
    importedBy: driver,
    what: 'logins through a browser',
    because: 'a function has none',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_idtoken',
    importedBy: driver,
    what: 'logins by a token kept from a browser',
    because: 'a function has none',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_okta',
    importedBy: driver,
    what: 'logins through Okta',
    because: 'the map knows workload identities and key pairs',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_oauth_authorization_code',
    importedBy: driver,
    what: 'OAuth through a browser',
    because: 'a function has none',
  },
  {
    module: 'snowflake-sdk/dist/lib/authentication/auth_oauth_client_credentials',
    importedBy: driver,
    what: 'OAuth with a client secret',
    because: 'the map knows workload identities and key pairs',
  },
  {
    module: '@aws-sdk/ec2-metadata-service',
    importedBy: driver,
    what: 'the region from the metadata of EC2',
    because: 'Lambda sets AWS_REGION, and the probe says so itself when it is missing',
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
    because: 'each probe logs in anew, since the login is what it proves',
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
    because: 'Snowflake takes JSON; with them goes a table of all media types',
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
    because: 'the driver asks responders and is none; what it asks and checks is left as it is',
  },
]

/** Takes the place of the module. */
export const refusal = ({ what }: LeftOut): string => `module.exports = ${refusing(what)}`

/** An expression. Only what is done with a module while another one is loaded is let pass: to ask for its default export. */
export const refusing = (what: string): string => `(() => {
  const refuse = () => { throw new Error(${JSON.stringify(`The bundled driver does without ${what}.`)}) }
  return new Proxy(function () {}, {
    apply: refuse,
    construct: refuse,
    get: (target, name, itself) =>
      typeof name === 'symbol' || name in target ? target[name] : name === 'default' ? itself : refuse(),
  })
})()`
