import type { Cause } from './cause.ts'

/** In the Snowflake account that calls the service: integrations, functions, network rule, secret. */
export const snowflakeCallCauses = {
  'setup-not-run': {
    what: 'The function is not in this Snowflake account, database and schema: the set-up script was not run here.',
    tell: "SHOW FUNCTIONS LIKE '<function>' IN ACCOUNT, as ACCOUNTADMIN, shows none.",
    mend: 'npx snowgate setup sql --stage <stage>, and run what it prints in this account.',
  },
  'sql-function-not-granted': {
    what: 'The function is there, and the role in use may not call it or does not see its schema.',
    tell: 'As ACCOUNTADMIN the same call is found; SELECT CURRENT_ROLE() shows another role than SNOWGATE_<STAGE>_<CALLER>, or the name lacks its database and schema.',
    mend: 'GRANT ROLE "SNOWGATE_<STAGE>_<CALLER>" TO ROLE <grantee>, and call it by its whole name, SNOWGATE.<STAGE>.<FUNCTION>(…).',
  },
  'sql-function-url-wrong': {
    what: 'The URL of the external function is not that of a route of the API: no path, another stage, or a domain name of your own, which Snowflake does not call.',
    tell: 'DESC FUNCTION <function>(<types>) shows the URL; it must be https://<api>.execute-api.<region>.amazonaws.com/<stage>/hello.',
    mend: 'npx snowgate setup sql --stage <stage>, and run what it prints: functions are replaced.',
  },
  'integration-missing': {
    what: 'The integration does not exist, or the role in use may not use it.',
    tell: 'SHOW INTEGRATIONS, as ACCOUNTADMIN, does not list it; when it does, the role lacks USAGE on it.',
    mend: 'npx snowgate setup sql --stage <stage>, and run what it prints as ACCOUNTADMIN. When it is there: GRANT USAGE ON INTEGRATION <integration> TO ROLE <grantee>.',
  },
  'integration-disabled': {
    what: 'The integration is switched off.',
    tell: 'DESC INTEGRATION <integration> shows ENABLED false.',
    mend: 'ALTER API INTEGRATION <integration> SET ENABLED = TRUE; for that of a UDF, ALTER SECURITY INTEGRATION or ALTER EXTERNAL ACCESS INTEGRATION.',
  },
  'integration-role-wrong': {
    what: 'The integration names another role than the door role of its caller.',
    tell: 'API_AWS_ROLE_ARN or AWS_ROLE_ARN of DESC INTEGRATION <integration> is not arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>.',
    mend: "ALTER API INTEGRATION <integration> SET API_AWS_ROLE_ARN = 'arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>'. For the one of a UDF: ALTER SECURITY INTEGRATION <integration> SET AWS_ROLE_ARN = the same.",
  },
  'integration-prefix-wrong': {
    what: 'The integration does not allow the URL that the function calls.',
    tell: 'No entry of API_ALLOWED_PREFIXES in DESC INTEGRATION <integration> is the beginning of the URL in DESC FUNCTION <function>(<types>).',
    mend: "ALTER API INTEGRATION <integration> SET API_ALLOWED_PREFIXES = ('https://<api>.execute-api.<region>.amazonaws.com/<stage>/')",
  },
  'api-host-wrong': {
    what: 'There is no host of the name in the URL: the API was removed or made again, or the name is mistyped.',
    tell: 'curl -sS https://<api>.execute-api.<region>.amazonaws.com/<stage>/hello does not answer at all; a deployed API says that a token is missing.',
    mend: 'Take the URL that npx snowgate deploy --stage <stage> prints. In Snowflake: npx snowgate setup sql --stage <stage>, and run what it prints, for prefixes, functions and network rule.',
  },
  'network-rule-host-wrong': {
    what: 'The network rule of the UDF does not have the host of the API.',
    tell: 'DESC NETWORK RULE SNOWGATE.<STAGE>.API_HOST must show <api>.execute-api.<region>.amazonaws.com, without https:// and path.',
    mend: "ALTER NETWORK RULE SNOWGATE.<STAGE>.API_HOST SET VALUE_LIST = ('<api>.execute-api.<region>.amazonaws.com')",
  },
  'secret-not-allowed': {
    what: 'The external access integration of the UDF does not allow the secret, or the UDF does not name it.',
    tell: 'DESC INTEGRATION <integration> lists the secret under ALLOWED_AUTHENTICATION_SECRETS, and DESC FUNCTION <function>(<types>) under secrets as cred.',
    mend: 'ALTER EXTERNAL ACCESS INTEGRATION <integration> SET ALLOWED_AUTHENTICATION_SECRETS = (SNOWGATE.<STAGE>.DOOR_SESSION), then run npx snowgate setup sql --stage <stage> again.',
  },
  'external-access-not-on-trial': {
    what: 'The Snowflake account is a trial account, which has no external access.',
    tell: 'CREATE EXTERNAL ACCESS INTEGRATION is refused to ACCOUNTADMIN, too; external functions work.',
    mend: 'Use the external functions: npx snowgate setup sql --stage <stage> --part external-functions. Or add a means of payment to the account.',
  },
  'sql-malformed': {
    what: 'The statement is no SQL that Snowflake takes.',
    tell: 'The message has line and position; other statements of the session succeed.',
    mend: 'Mend the statement at that place. A script of snowgate comes from npx snowgate setup sql and is run as a whole.',
  },
  'object-missing': {
    what: 'An object that the statement names does not exist, or the role in use may not see it.',
    tell: 'As ACCOUNTADMIN, SHOW OBJECTS or SHOW FUNCTIONS LIKE its name IN ACCOUNT shows it, or not.',
    mend: 'Write its whole name, database and schema included; grant the role USAGE on both and the right on the object; or create it.',
  },
  'warehouse-missing': {
    what: 'The session has no warehouse: none is named, it does not exist, or the role has no USAGE on it.',
    tell: 'SELECT CURRENT_WAREHOUSE() is NULL; SHOW WAREHOUSES, with the same role, does not list the one meant.',
    mend: 'GRANT USAGE ON WAREHOUSE <warehouse> TO ROLE <grantee>; ALTER USER <user> SET DEFAULT_WAREHOUSE = <warehouse>. In access.yml: warehouse: <warehouse> under snowflake.',
  },
  'query-cancelled': {
    what: 'Somebody or something cancelled the query.',
    tell: 'The query history has who ran it; a client that ends, or its own time-out, cancels as well.',
    mend: 'Run it again; when it is the client’s time-out, raise that.',
  },
  'statement-timeout': {
    what: 'The query took longer than Snowflake lets it.',
    tell: "SHOW PARAMETERS LIKE 'STATEMENT_TIMEOUT_IN_SECONDS' IN SESSION, and likewise IN WAREHOUSE <warehouse>.",
    mend: 'ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 3600, or send fewer rows.',
  },
  'user-too-busy': {
    what: 'The user has as many queries waiting or running as Snowflake allows.',
    tell: 'The same statement succeeds alone.',
    mend: 'Send fewer at once, or give programs users of their own.',
  },
} as const satisfies Record<string, Cause>
