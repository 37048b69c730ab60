/** What the server says no with. `known` tells whose words and number they are. */
export interface DriverRejection {
  readonly code: string
  readonly message: string
  /** `public`: from documentation, fixtures or reports; `text`: the text alone is, the number is ours; `ours`: neither is. */
  readonly provenance: 'public' | 'text' | 'local'
}

/** Outside of Snowflake's numbers: drivers need digits, and what is not public must not look as if it were. */
export const localCode = '999999'

const documented = (code: string, message: string): DriverRejection => ({ code, message, provenance: 'public' })

/** The number is public, the text is not. */
const documentedCode = (code: string, message: string): DriverRejection => ({
  code,
  message: `${message} (Text by the local stack; Snowflake's is not public.)`,
  provenance: 'local',
})

const undocumented = (message: string): DriverRejection => ({
  code: localCode,
  message: `${message} (Code and text by the local stack; Snowflake's are not public.)`,
  provenance: 'local',
})

export const rejections = {
  wrongCredentials: documented('390100', 'Incorrect username or password was specified.'),
  userDisabled: documented('390101', 'User access disabled. Contact your local system administrator.'),
  unknownToken: documented('390104', 'User must login again to access the service.'),
  sessionGone: documented('390111', 'Session no longer exists.  New login required to access the service.'),
  sessionExpired: documented('390112', 'Your session has expired. Please login again.'),
  masterNotFound: documentedCode('390113', 'Master token not found.'),
  masterExpired: documented('390114', 'Authentication token has expired.  The user must authenticate again.'),
  masterInvalid: documentedCode('390115', 'Master token is invalid.'),
  unknownAccount: documented('390144', 'Invalid account name or host.'),
  badRequest: (what: string) => documentedCode('390400', `Bad request: ${what}`),
  jwtInvalid: (id: string) => documented('390144', `JWT token is invalid. [${id}]`),
  roleNotGranted: (role: string) =>
    documented(
      '390189',
      `Role '${role}' specified in the connect string does not exist or not authorized. Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.`,
    ),
  methodNotAllowed: documented('390202', 'Authentication attempt rejected by the current authentication policy.'),
  /** What follows after the first sentence varies between reports: https://github.com/PostHog/posthog/pull/63691 has this. */
  addressNotAllowed: (ip: string) =>
    documented(
      '390422',
      `Incoming request with IP/Token ${ip} is not allowed to access Snowflake. Contact your account administrator.`,
    ),
  accessTokenInvalid: (id: string) => documented('390303', `Invalid OAuth access token. [${id}]`),
  programmaticTokenInvalid: documented('394400', 'Programmatic access token is invalid.'),
  noUserForCaller: (arn: string): DriverRejection => ({
    code: localCode,
    message: `Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN '${arn}'`,
    provenance: 'text',
  }),
  attestationRejected: (why: string) => undocumented(`The workload identity attestation was not accepted: ${why}.`),
  unsupported: (what: string) => undocumented(`The local Snowflake does not have ${what}; Snowflake itself may well.`),
} as const
