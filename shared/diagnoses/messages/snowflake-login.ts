import type { SystemMessages } from '../known-message.ts'

const reports = 'https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting'
const fixtures = 'https://github.com/snowflakedb/snowflake-connector-python/tree/main/test/data/wiremock/mappings'
const goFixtures = 'https://github.com/snowflakedb/gosnowflake/tree/master/test_data/wiremock/mappings'
const adbc = 'https://github.com/apache/arrow-adbc/tree/main/go/adbc/driver/snowflake'
const article = 'https://zenn.dev/jimatomo/articles/c514c6e322bf1a'

/** Snowflake's login errors. Key-pair numbers are the reasons that only administrators can read. */
export const snowflakeLoginMessages: SystemMessages = {
  system: 'Snowflake login',
  messages: [
    {
      // A token names the role, not a session of it.
      phrases: [
        "Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN 'arn:<partition>:iam::<account>:role/<role>'",
      ],
      summary: 'AWS attested the role with a token, and no Snowflake user has this role and issuer.',
      causes: ['web-identity-issuer-missing', 'user-missing'],
      source: 'the local Snowflake',
    },
    {
      phrases: [
        "Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN 'arn:<partition>:sts::<account>:assumed-role/<role>/",
        'Unable to find an associated Snowflake user for the verified AWS Caller Identity',
      ],
      summary: 'AWS attested the identity, and no Snowflake user has it.',
      // The statement that fixes the first cause fixes all of them.
      causes: ['user-missing', 'role-path-in-arn', 'user-identity-wrong'],
      source: 'https://github.com/kameshsampath/snowpark-widf-lambda-loader',
    },
    {
      phrases: ["AWS Authenticator for AWS Account '<account>' and IAM role 'service-role' already exists"],
      summary: 'Snowflake read the role path as the role name.',
      causes: ['role-path-in-arn'],
      source: article,
    },
    {
      phrases: ["AWS Authenticator for AWS Account '<account>' and IAM role '<role>' already exists"],
      summary: 'Another user already has this role as its workload identity.',
      causes: ['identity-taken', 'role-path-in-arn'],
      source: article,
    },
    {
      phrases: ["Invalid ISSUER property in WORKLOAD_IDENTITY of TYPE 'AWS'"],
      codes: ['004616'],
      summary: 'The issuer is not an AWS account’s issuer.',
      causes: ['web-identity-issuer-generic'],
      source: 'https://github.com/snowflakedb/terraform-provider-snowflake/issues/5127',
    },
    {
      phrases: ['Invalid account name or host'],
      codes: ['390144'],
      summary: 'Snowflake has no account under this name or host.',
      causes: ['account-identifier-wrong'],
      source: goFixtures,
    },
    {
      codes: ['394300', 'JWT_TOKEN_INVALID_USER_IN_ISSUER'],
      summary: 'The token names an unknown user.',
      causes: ['user-name-not-login-name'],
      source: reports,
    },
    {
      codes: ['394302', 'JWT_TOKEN_INVALID_ISSUE_TIME', '394303', 'JWT_TOKEN_INVALID_EXPIRATION_TIME'],
      summary: 'The token arrived more than a minute after its issue time, or has expired.',
      causes: ['clock-skewed', 'snowflake-unreachable'],
      source: reports,
    },
    {
      codes: ['394304', 'JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH'],
      summary: 'The user does not have the public key of the signing private key.',
      causes: ['key-rotated', 'public-key-missing'],
      source: reports,
    },
    {
      codes: ['394307', 'JWT_TOKEN_ACCOUNT_MISMATCH'],
      summary: 'The token is for another account than the login.',
      causes: ['jwt-account-mismatch'],
      source: reports,
    },
    {
      codes: [
        '394301',
        'JWT_TOKEN_MISSING_ISSUE_OR_EXPIRATION_TIME',
        '394305',
        'JWT_TOKEN_INVALID_ALGORITHM',
        '394306',
        'JWT_TOKEN_INVALID_SIGNATURE',
      ],
      summary: 'The token does not have Snowflake’s format.',
      causes: ['jwt-malformed'],
      source: reports,
    },
    {
      phrases: ['JWT token is invalid. [<id>]'],
      codes: ['390144', 'JWT_TOKEN_INVALID'],
      general: true,
      summary:
        "Snowflake rejects the key-pair token. Only an administrator can read the reason: SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('<id>')",
      causes: [
        'key-rotated',
        'public-key-missing',
        'user-name-not-login-name',
        'jwt-account-mismatch',
        'clock-skewed',
        'jwt-malformed',
      ],
      source: reports,
    },
    {
      phrases: ['Incorrect username or password was specified'],
      codes: ['390100'],
      summary: 'The user does not exist, or the password is wrong.',
      causes: ['user-name-not-login-name', 'login-method-wrong'],
      source: adbc,
    },
    {
      phrases: ['User access disabled'],
      codes: ['390101'],
      summary: 'The user is disabled.',
      causes: ['user-disabled'],
      source: adbc,
    },
    {
      phrases: [
        'User temporarily locked',
        'Your user account has been temporarily locked due to too many failed attempts',
      ],
      codes: ['390102'],
      summary: 'Too many logins of the user failed.',
      causes: ['user-locked'],
      source: 'https://github.com/buremba/universql/issues/24',
    },
    {
      phrases: [
        'User must login again to access the service',
        'Session no longer exists. New login required to access the service',
        'Authentication token has expired. The user must authenticate again',
      ],
      codes: ['390104', '390111', '390112', '390113', '390114', '390115'],
      summary: 'The session has ended.',
      causes: ['snowflake-session-ended'],
      source: fixtures,
    },
    {
      phrases: ["Role '<grant>' specified in the connect string does not exist or not authorized"],
      codes: ['390189'],
      summary: 'The user is not allowed to use the requested role.',
      causes: ['user-role-not-granted'],
      source: adbc,
    },
    {
      phrases: ['The requested warehouse does not exist or not authorized'],
      codes: ['390201'],
      summary: 'The user is not allowed to use the requested warehouse.',
      causes: ['warehouse-missing'],
      source: adbc,
    },
    {
      phrases: [
        'The requested database does not exist or not authorized',
        'The requested schema does not exist or not authorized',
      ],
      codes: ['390201'],
      summary: 'The user is not allowed to use the requested database or schema.',
      causes: ['object-missing'],
      source: adbc,
    },
    {
      phrases: ['Authentication attempt rejected by the current authentication policy'],
      codes: ['390202'],
      summary: 'A policy does not allow this authentication method for the user.',
      causes: ['authentication-policy'],
      source: 'https://docs.snowflake.com/en/developer-guide/snowflake-rest-api/tutorials-overview',
    },
    {
      phrases: [
        'Incoming request with IP/Token <ip> is not allowed to access Snowflake',
        'IP <ip> is not allowed to access Snowflake',
      ],
      codes: ['390422'],
      summary: 'The IP address of the login is blocked.',
      causes: ['network-policy'],
      source: 'https://docs.posit.co/partnerships/snowflake/posit-team/networking/network-policies.html',
    },
    {
      phrases: ['Invalid OAuth access token. [<id>]', 'OAuth access token expired. [<id>]'],
      codes: ['390303', '390318'],
      summary: 'The SQL API token is invalid or expired. This includes key-pair tokens.',
      causes: ['jwt-malformed', 'clock-skewed', 'login-method-wrong'],
      source: 'https://docs.snowflake.com/en/release-notes/bcr-bundles/2026_07/bcr-2421',
    },
    {
      phrases: ['Programmatic access token is invalid', 'Failed to authenticate: MFA with TOTP is required'],
      codes: ['390139', '390195', '390432', '394400', '394508'],
      summary: 'The login uses an authentication method for people.',
      causes: ['login-method-wrong'],
      source: goFixtures,
    },
    {
      codes: ['390400'],
      summary: 'Snowflake cannot parse the driver’s request.',
      causes: ['driver-too-old', 'proxy-answers'],
      source: 'https://docs.snowflake.com/en/release-notes/clients-drivers/nodejs-2026',
    },
  ],
}
