/** What the server says no with. `known` tells whose words and number they are. */
export interface Refusal {
  readonly code: string
  readonly message: string
  /** `public`: from documentation, fixtures or reports; `text`: the text alone is, the number is ours; `ours`: neither is. */
  readonly known: 'public' | 'text' | 'ours'
}

/** Outside of Snowflake's numbers: drivers need digits, and what is not public must not look as if it were. */
export const ownCode = '999999'

const known = (code: string, message: string): Refusal => ({ code, message, known: 'public' })

/** The number is public, the text is not. */
const numbered = (code: string, message: string): Refusal => ({
  code,
  message: `${message} (The words are the local Snowflake's.)`,
  known: 'ours',
})

const ours = (message: string): Refusal => ({
  code: ownCode,
  message: `${message} (Number and words are the local Snowflake's: Snowflake's own are not public.)`,
  known: 'ours',
})

export const refusals = {
  wrongCredentials: known('390100', 'Incorrect username or password was specified.'),
  disabled: known('390101', 'User access disabled. Contact your local system administrator.'),
  unknownToken: known('390104', 'User must login again to access the service.'),
  sessionGone: known('390111', 'Session no longer exists.  New login required to access the service.'),
  sessionExpired: known('390112', 'Your session has expired. Please login again.'),
  masterNotFound: numbered('390113', 'Master token not found.'),
  masterExpired: known('390114', 'Authentication token has expired.  The user must authenticate again.'),
  masterInvalid: numbered('390115', 'Master token is invalid.'),
  unknownAccount: known('390144', 'Invalid account name or host.'),
  badRequest: (what: string) => numbered('390400', `Bad request: ${what}`),
  jwtInvalid: (id: string) => known('390144', `JWT token is invalid. [${id}]`),
  roleNotGranted: (role: string) =>
    known(
      '390189',
      `Role '${role}' specified in the connect string does not exist or not authorized. Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.`,
    ),
  methodNotAllowed: known('390202', 'Authentication attempt rejected by the current authentication policy.'),
  /** What follows after the first sentence varies between reports: https://github.com/PostHog/posthog/pull/63691 has this. */
  addressNotAllowed: (ip: string) =>
    known(
      '390422',
      `Incoming request with IP/Token ${ip} is not allowed to access Snowflake. Contact your account administrator.`,
    ),
  accessTokenInvalid: (id: string) => known('390303', `Invalid OAuth access token. [${id}]`),
  programmaticTokenInvalid: known('394400', 'Programmatic access token is invalid.'),
  noUserForCaller: (arn: string): Refusal => ({
    code: ownCode,
    message: `Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN '${arn}'`,
    known: 'text',
  }),
  attestation: (why: string) => ours(`The workload identity attestation was not accepted: ${why}.`),
  limit: (what: string) => ours(`The local Snowflake does not have ${what}; Snowflake itself may well.`),
} as const
