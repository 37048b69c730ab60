import type { Cause } from './cause.ts'

/** Between the probe, or any driver, and a login to Snowflake; what is of key pairs alone has a file of its own. */
export const snowflakeLoginCauses = {
  'role-path-in-arn': {
    what: 'The ARN on the Snowflake user has the path of the role, and the identity that AWS attests has none.',
    tell: 'aws iam get-role --role-name <role> --query Role.Path is not /; SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER <user> shows a part of the path, such as service-role, as iamRole.',
    mend: "ALTER USER <user> SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:<partition>:iam::<account>:role/<role>')",
  },
  'user-missing': {
    what: 'No Snowflake user has this role as its workload identity.',
    tell: "SELECT user_name, additional_details FROM snowflake.account_usage.credentials WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD' has no row for the role; the view is up to two hours late.",
    mend: "CREATE USER IF NOT EXISTS <user> TYPE = SERVICE; ALTER USER <user> SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:<partition>:iam::<account>:role/<role>')",
  },
  'user-identity-wrong': {
    what: 'The Snowflake user has another account, partition or role as its workload identity.',
    tell: 'SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER <user>: awsAccount, awsPartition and iamRole are not those of the role that logs in.',
    mend: "ALTER USER <user> SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:<partition>:iam::<account>:role/<role>')",
  },
  'identity-taken': {
    what: 'Another Snowflake user has the same workload identity already; one role is one user.',
    tell: "SELECT user_name, additional_details FROM snowflake.account_usage.credentials WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD' names it, up to two hours late.",
    mend: 'Log in as that user, or take the identity from it first: ALTER USER <other> UNSET WORKLOAD_IDENTITY.',
  },
  'user-disabled': {
    what: 'The Snowflake user is disabled.',
    tell: 'DESC USER <user> shows DISABLED true.',
    mend: 'ALTER USER <user> SET DISABLED = FALSE',
  },
  'user-locked': {
    what: 'The Snowflake user is locked for some minutes after too many failed logins.',
    tell: 'DESC USER <user> shows MINS_TO_UNLOCK; it passes by itself after 15 minutes.',
    mend: 'ALTER USER <user> SET MINS_TO_UNLOCK = 0, and mend what fails to log in.',
  },
  'user-role-not-granted': {
    what: 'The role that the login asks for does not exist, or the user does not have it.',
    tell: 'SHOW GRANTS TO USER <user> does not list it.',
    mend: 'GRANT ROLE <grant> TO USER <user>, or leave role: out under snowflake in access.yml.',
  },
  'network-policy': {
    what: 'A network policy of Snowflake does not let the address of the login in.',
    tell: "SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER <user>, and likewise IN ACCOUNT, names it; DESC NETWORK POLICY <policy> shows what it lets in. A policy of the user goes before that of the account. A function outside a VPC has no fixed address.",
    mend: "CREATE NETWORK POLICY snowgate_probe ALLOWED_IP_LIST = ('<ip>'); ALTER USER <user> SET NETWORK_POLICY = snowgate_probe",
  },
  'authentication-policy': {
    what: 'An authentication policy does not allow this way of logging in to the user.',
    tell: 'SHOW AUTHENTICATION POLICIES ON USER <user>, and likewise ON ACCOUNT; DESC AUTHENTICATION POLICY <policy> shows AUTHENTICATION_METHODS and, for workload identity, WORKLOAD_IDENTITY_POLICY.',
    mend: "CREATE AUTHENTICATION POLICY <database>.<schema>.snowgate_probe AUTHENTICATION_METHODS = ('WORKLOAD_IDENTITY', 'KEYPAIR'); ALTER USER <user> SET AUTHENTICATION POLICY <database>.<schema>.snowgate_probe. A policy of the user goes before that of the account.",
  },
  'login-method-wrong': {
    what: 'The login uses a password or a token, and not workload identity or a key pair.',
    tell: 'The options of the driver have another authenticator than WORKLOAD_IDENTITY or SNOWFLAKE_JWT.',
    mend: "authenticator: 'WORKLOAD_IDENTITY' with workloadIdentityProvider: 'AWS' (in Python workload_identity_provider='AWS'), and a user of TYPE = SERVICE.",
  },
  'account-identifier-wrong': {
    what: 'There is no Snowflake account of that identifier, or the URL is not its own.',
    tell: "SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME() in the account; curl -sS https://<identifier>.snowflakecomputing.com answers 403 to a name that nobody has.",
    mend: 'account: <organisation>-<name> under snowflake in access.yml, with hyphens in place of dots and nothing after it, then npx snowgate deploy --stage <stage>.',
  },
  'snowflake-unreachable': {
    what: 'Nothing gets from here to Snowflake: no route, a closed security group, or a proxy that is not set.',
    tell: 'curl -sS -m 5 https://<identifier>.snowflakecomputing.com from the same network gets no answer. A function in a VPC has no way out by itself.',
    mend: 'Give its subnets a route to a NAT gateway, or a private link to Snowflake, and its security group outbound port 443; or take the function out of the VPC.',
  },
  'snowflake-name-unknown': {
    what: 'The name of the Snowflake host does not resolve.',
    tell: 'dig +short <identifier>.snowflakecomputing.com prints nothing. Where other names resolve, the identifier is wrong; otherwise it is the DNS of the network.',
    mend: 'Correct account: under snowflake in access.yml, or let the VPC resolve public names: enableDnsSupport, and a private zone for a private link.',
  },
  'snowflake-tls': {
    what: 'The TLS connection to Snowflake fails: something between shows a certificate of its own, or the name is not that of the certificate.',
    tell: 'openssl s_client -connect <identifier>.snowflakecomputing.com:443 shows an issuer that is your proxy’s. An underscore in the host is not in the certificate.',
    mend: 'Exempt *.snowflakecomputing.com from inspection, or trust its authority with NODE_EXTRA_CA_CERTS (REQUESTS_CA_BUNDLE in Python); write hyphens for underscores in the host.',
  },
  'revocation-check-blocked': {
    what: 'The driver cannot ask whether the certificate of Snowflake is revoked, which takes port 80.',
    tell: 'curl -sS -m 5 http://ocsp.snowflakecomputing.com/ocsp_response_cache.json gets no answer from there.',
    mend: 'Open outbound port 80 as well. The last resort, which trusts the certificate without asking: disableOCSPChecks: true in Node.',
  },
  'proxy-answers': {
    what: 'What answered in place of Snowflake does not speak its protocol: a proxy, a captive page, or another web server.',
    tell: 'curl -sS https://<identifier>.snowflakecomputing.com/session/v1/login-request -X POST answers HTML; HTTPS_PROXY or HTTP_PROXY is set.',
    mend: 'Set NO_PROXY=.snowflakecomputing.com, or let the proxy pass it through; see that the URL is the account’s.',
  },
  'snowflake-down': {
    what: 'Snowflake is there and fails to answer.',
    tell: 'https://status.snowflake.com shows an incident in the region of the account; it passes by itself.',
    mend: 'Try again later.',
  },
  'result-storage-unreachable': {
    what: 'A large result lies in cloud storage that cannot be reached from here.',
    tell: 'Small results arrive. SELECT SYSTEM$ALLOWLIST() lists the hosts, of the type STAGE.',
    mend: 'Let those hosts through on port 443: an S3 gateway endpoint, or the NAT gateway.',
  },
  'snowflake-session-ended': {
    what: 'The Snowflake session is over: unused for too long, ended by somebody, or older than its tokens.',
    tell: 'A new connection succeeds. After four hours without use no session is renewed; an account may end them sooner.',
    mend: 'Connect anew; in a function, for each invocation, or after such an error once more.',
  },
  'connection-misused': {
    what: 'The program uses a connection of the driver that was never opened, is being opened, or was closed.',
    tell: 'It happens in the program alone, whatever the account.',
    mend: 'Wait for the callback of connect(), and make a new connection after destroy() or a lost one.',
  },
  'driver-options-wrong': {
    what: 'The options handed to the driver are not those it takes.',
    tell: "The error has a number from 404000 to 404999. The provider is written 'AWS', in capitals, and the account without .snowflakecomputing.com.",
    mend: "account, authenticator: 'WORKLOAD_IDENTITY', workloadIdentityProvider: 'AWS'; for a key pair account, username, authenticator: 'SNOWFLAKE_JWT', privateKey.",
  },
  'driver-too-old': {
    what: 'The release of the driver is too old for what it is asked to do.',
    tell: 'npm ls snowflake-sdk (pip show snowflake-connector-python): workload identity takes 2.2.0, renewing a session 2.4.0, an encrypted key as text 3.1.0; 3.0.0 shows a web identity token unasked.',
    mend: 'npm install snowflake-sdk@3.3.0; in Python pip install snowflake-connector-python==4.7.1.',
  },
  'region-variable-missing': {
    what: 'No region is set where the program runs; a driver of Snowflake then asks a metadata service that is not there.',
    tell: 'printenv AWS_REGION prints nothing. Lambda sets it; AWS_DEFAULT_REGION is not read by Node.',
    mend: 'export AWS_REGION=<region>',
  },
  'wif-host-not-allowed': {
    what: 'The driver does not send its identity to a host outside of snowflakecomputing.com.',
    tell: 'The host in the options is an address of your own, or the local stack.',
    mend: 'For the local stack alone: SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES=127.0.0.1 before the process starts. In a deployment use the host of the account, and never set that variable.',
  },
  'web-identity-disabled': {
    what: 'The AWS account does not hand out web identity tokens.',
    tell: 'aws iam get-outbound-web-identity-federation-info does not answer with an issuer.',
    mend: 'aws iam enable-outbound-web-identity-federation. Or leave webIdentityToken: true out of access.yml, and deploy.',
  },
  'web-identity-denied': {
    what: 'The role may not ask STS for a web identity token.',
    tell: 'The refusal names sts:GetWebIdentityToken.',
    mend: 'webIdentityToken: true under snowflake in access.yml gives the role the right; then npx snowgate deploy --stage <stage>. A role of your own: Allow sts:GetWebIdentityToken on *.',
  },
  'web-identity-issuer-missing': {
    what: 'The login shows a web identity token, and the Snowflake user has no issuer, or not that of the AWS account.',
    tell: 'SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER <user> has no issuer, or another than aws iam get-outbound-web-identity-federation-info. Release 3.0.0 of the Node driver shows such a token unasked.',
    mend: "ALTER USER <user> SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:<partition>:iam::<account>:role/<role>' ISSUER = '<issuer>')",
  },
  'web-identity-issuer-generic': {
    what: 'The issuer that is to be set on the user is not the one of the AWS account.',
    tell: 'It must read https://<uuid>.tokens.sts.global.api.aws, of the partition of the ARN, and not https://sts.amazonaws.com.',
    mend: 'Take the issuer that aws iam get-outbound-web-identity-federation-info prints.',
  },
  'impersonation-denied': {
    what: 'A role of the impersonation path does not let the one before it in.',
    tell: 'aws sts assume-role --role-arn <hop> --role-session-name identity-federation-session, as the role before, is refused. The driver sends no external id, so that a trust that asks for one always refuses.',
    mend: 'Allow sts:AssumeRole on each role to the one before it, in its trust and, across accounts, in the policy of the one before; or take impersonate: out of access.yml.',
  },
} as const satisfies Record<string, Cause>
