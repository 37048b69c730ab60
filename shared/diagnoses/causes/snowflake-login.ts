import type { Cause } from './cause.ts'

/** Causes of a failed login to Snowflake, from the probe or any driver. key-pair.ts has those of key pairs. */
export const snowflakeLoginCauses = {
  'role-path-in-arn': {
    summary: 'The Snowflake user’s ARN includes the role path, and the identity that AWS attests does not.',
    howToTell:
      'aws iam get-role --role-name <role> --query Role.Path is not /; SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER <user> shows a part of the path, such as service-role, as iamRole.',
    fix: "ALTER USER <user> SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:<partition>:iam::<account>:role/<role>')",
  },
  'user-missing': {
    summary: 'No Snowflake user has this role as its workload identity.',
    howToTell:
      "SELECT user_name, additional_details FROM snowflake.account_usage.credentials WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD' has no row for the role. The view can be two hours old.",
    fix: "CREATE USER IF NOT EXISTS <user> TYPE = SERVICE; ALTER USER <user> SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:<partition>:iam::<account>:role/<role>')",
  },
  'user-identity-wrong': {
    summary: 'The Snowflake user has another account, partition or role as its workload identity.',
    howToTell:
      'SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER <user>: awsAccount, awsPartition and iamRole are not those of the role that logs in.',
    fix: "ALTER USER <user> SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:<partition>:iam::<account>:role/<role>')",
  },
  'identity-taken': {
    summary: 'Another Snowflake user already has this workload identity; a role can belong to only one user.',
    howToTell:
      "SELECT user_name, additional_details FROM snowflake.account_usage.credentials WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD' names the user. The view can be two hours old.",
    fix: 'Log in as that user, or remove the identity from it first: ALTER USER <other> UNSET WORKLOAD_IDENTITY.',
  },
  'user-disabled': {
    summary: 'The Snowflake user is disabled.',
    howToTell: 'DESC USER <user> shows DISABLED true.',
    fix: 'ALTER USER <user> SET DISABLED = FALSE',
  },
  'user-locked': {
    summary: 'The Snowflake user is temporarily locked after too many failed logins.',
    howToTell: 'DESC USER <user> shows MINS_TO_UNLOCK. The lock ends after 15 minutes.',
    fix: 'ALTER USER <user> SET MINS_TO_UNLOCK = 0, and fix the client that fails to log in.',
  },
  'user-role-not-granted': {
    summary: 'The role of the login does not exist, or the user does not have it.',
    howToTell: 'SHOW GRANTS TO USER <user> does not list it.',
    fix: 'GRANT ROLE <grant> TO USER <user>, or remove role: under snowflake in access.yml.',
  },
  'network-policy': {
    summary: 'A Snowflake network policy blocks the IP address of the login.',
    howToTell:
      "SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER <user>, and the same IN ACCOUNT, names it; DESC NETWORK POLICY <policy> shows the allowed addresses. The user’s policy overrides the account’s. A function outside a VPC has no fixed address.",
    fix: "CREATE NETWORK POLICY snowgate_probe ALLOWED_IP_LIST = ('<ip>'); ALTER USER <user> SET NETWORK_POLICY = snowgate_probe",
  },
  'authentication-policy': {
    summary: 'An authentication policy does not allow this authentication method for the user.',
    howToTell:
      'SHOW AUTHENTICATION POLICIES ON USER <user>, and the same ON ACCOUNT; DESC AUTHENTICATION POLICY <policy> shows AUTHENTICATION_METHODS and, for workload identity, WORKLOAD_IDENTITY_POLICY.',
    fix: "CREATE AUTHENTICATION POLICY <database>.<schema>.snowgate_probe AUTHENTICATION_METHODS = ('WORKLOAD_IDENTITY', 'KEYPAIR'); ALTER USER <user> SET AUTHENTICATION POLICY <database>.<schema>.snowgate_probe. The user’s policy overrides the account’s.",
  },
  'login-method-wrong': {
    summary: 'The login uses a password or a token instead of workload identity or a key pair.',
    howToTell: 'The driver options have another authenticator than WORKLOAD_IDENTITY or SNOWFLAKE_JWT.',
    fix: "authenticator: 'WORKLOAD_IDENTITY' with workloadIdentityProvider: 'AWS' (in Python workload_identity_provider='AWS'), and a user of TYPE = SERVICE.",
  },
  'account-identifier-wrong': {
    summary: 'No Snowflake account has this identifier, or the URL belongs to another account.',
    howToTell:
      "SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME() in the account; curl -sS https://<identifier>.snowflakecomputing.com returns 403 for an unknown account name.",
    fix: 'account: <organisation>-<name> under snowflake in access.yml, with hyphens instead of dots and nothing after it, then npx snowgate deploy --stage <stage>.',
  },
  'snowflake-unreachable': {
    summary: 'Snowflake is not reachable from here: no route, a blocking security group, or a missing proxy setting.',
    howToTell:
      'curl -sS -m 5 https://<identifier>.snowflakecomputing.com from the same network gets no response. A function in a VPC has no internet access by default.',
    fix: 'Give its subnets a route to a NAT gateway, or a private link to Snowflake, and its security group outbound port 443; or remove the function from the VPC.',
  },
  'snowflake-name-unknown': {
    summary: 'The Snowflake host name does not resolve.',
    howToTell:
      'dig +short <identifier>.snowflakecomputing.com prints nothing. If other names resolve, the identifier is wrong; otherwise the network’s DNS fails.',
    fix: 'Correct account: under snowflake in access.yml, or enable DNS resolution in the VPC: enableDnsSupport, and a private hosted zone for PrivateLink.',
  },
  'snowflake-tls': {
    summary:
      'The TLS connection to Snowflake fails: a proxy presents its own certificate, or the host name does not match the certificate.',
    howToTell:
      'openssl s_client -connect <identifier>.snowflakecomputing.com:443 shows your proxy as issuer. The certificate does not cover host names with an underscore.',
    fix: 'Exempt *.snowflakecomputing.com from TLS inspection, or trust the proxy’s CA with NODE_EXTRA_CA_CERTS (REQUESTS_CA_BUNDLE in Python); write hyphens for underscores in the host.',
  },
  'revocation-check-blocked': {
    summary: 'The driver cannot check whether Snowflake’s certificate is revoked, which needs port 80.',
    howToTell:
      'curl -sS -m 5 http://ocsp.snowflakecomputing.com/ocsp_response_cache.json gets no response from the same network.',
    fix: 'Open outbound port 80 as well. As a last resort, disable the check: disableOCSPChecks: true in Node.',
  },
  'proxy-answers': {
    summary: 'The response does not come from Snowflake but from a proxy, a captive portal, or another web server.',
    howToTell:
      'curl -sS https://<identifier>.snowflakecomputing.com/session/v1/login-request -X POST returns HTML; HTTPS_PROXY or HTTP_PROXY is set.',
    fix: 'Set NO_PROXY=.snowflakecomputing.com, or configure the proxy to pass the traffic through; check that the URL is the account’s.',
  },
  'snowflake-down': {
    summary: 'Snowflake is reachable but returns server errors.',
    howToTell: 'https://status.snowflake.com shows an incident in the account’s region.',
    fix: 'Try again later.',
  },
  'result-storage-unreachable': {
    summary: 'A large result is in cloud storage that is not reachable from here.',
    howToTell: 'Small results work. SELECT SYSTEM$ALLOWLIST() lists the hosts, with type STAGE.',
    fix: 'Allow those hosts on port 443: an S3 gateway endpoint, or the NAT gateway.',
  },
  'snowflake-session-ended': {
    summary: 'The Snowflake session has ended: idle for too long, terminated, or its tokens expired.',
    howToTell: 'A new connection succeeds. A session ends after four idle hours; an account can set a shorter limit.',
    fix: 'Connect again; in a function, connect for each invocation, or reconnect after this error.',
  },
  'connection-misused': {
    summary: 'The program uses a driver connection that is not open.',
    howToTell: 'It depends only on the program, not on the account.',
    fix: 'Wait for the callback of connect(), and create a new connection after destroy() or a lost connection.',
  },
  'driver-options-wrong': {
    summary: 'The driver options are invalid.',
    howToTell:
      "The error has a number from 404000 to 404999. The provider is 'AWS', in upper case, and the account has no .snowflakecomputing.com.",
    fix: "account, authenticator: 'WORKLOAD_IDENTITY', workloadIdentityProvider: 'AWS'; for a key pair account, username, authenticator: 'SNOWFLAKE_JWT', privateKey.",
  },
  'driver-too-old': {
    summary: 'The driver release is too old for this feature.',
    howToTell:
      'npm ls snowflake-sdk (pip show snowflake-connector-python): workload identity needs 2.2.0, session renewal 2.4.0, an encrypted key as text 3.1.0. Release 3.0.0 sends a web identity token by default.',
    fix: 'npm install snowflake-sdk@3.3.0; in Python pip install snowflake-connector-python==4.7.1.',
  },
  'region-variable-missing': {
    summary:
      'AWS_REGION is not set, so the Snowflake driver calls an instance metadata service that does not exist here.',
    howToTell: 'printenv AWS_REGION prints nothing. Lambda sets it. The Node driver does not read AWS_DEFAULT_REGION.',
    fix: 'export AWS_REGION=<region>',
  },
  'wif-host-not-allowed': {
    summary: 'The driver does not send its identity to a host outside snowflakecomputing.com.',
    howToTell: 'The host in the options is your own address or the local stack.',
    fix: 'Only for the local stack: SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES=127.0.0.1 before the process starts. In a deployment, use the account’s host and never set this variable.',
  },
  'web-identity-disabled': {
    summary: 'Outbound web identity federation is disabled in the AWS account.',
    howToTell: 'aws iam get-outbound-web-identity-federation-info does not return an issuer.',
    fix: 'aws iam enable-outbound-web-identity-federation. Or remove webIdentityToken: true from access.yml, and deploy.',
  },
  'web-identity-denied': {
    summary: 'The role is not allowed to get a web identity token from STS.',
    howToTell: 'The error names sts:GetWebIdentityToken.',
    fix: 'webIdentityToken: true under snowflake in access.yml grants the permission; then npx snowgate deploy --stage <stage>. For your own role: Allow sts:GetWebIdentityToken on *.',
  },
  'web-identity-issuer-missing': {
    summary:
      'The login sends a web identity token, and the Snowflake user has no issuer or another issuer than the AWS account.',
    howToTell:
      'SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER <user> has no issuer, or another than aws iam get-outbound-web-identity-federation-info. Release 3.0.0 of the Node driver sends such a token by default.',
    fix: "ALTER USER <user> SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:<partition>:iam::<account>:role/<role>' ISSUER = '<issuer>')",
  },
  'web-identity-issuer-generic': {
    summary: 'The issuer in the statement is not the issuer of the AWS account.',
    howToTell:
      'It must be https://<uuid>.tokens.sts.global.api.aws, of the partition of the ARN, not https://sts.amazonaws.com.',
    fix: 'Use the issuer that aws iam get-outbound-web-identity-federation-info prints.',
  },
  'impersonation-denied': {
    summary: 'A role of the impersonation path does not trust the role before it.',
    howToTell:
      'aws sts assume-role --role-arn <rolearn> --role-session-name identity-federation-session, as the previous role, fails. The driver sends no external id, so a trust policy that requires one always rejects it.',
    fix: 'Allow each role to be assumed by the role before it, in its trust policy and, across accounts, in the policy of the role before; or remove impersonate: from access.yml.',
  },
} as const satisfies Record<string, Cause>
