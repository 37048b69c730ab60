import type { Cause } from './cause.ts'

/** Causes in the Snowflake account that calls the service: integrations, functions, network rule, secret. */
export const snowflakeCallCauses = {
  'setup-not-run': {
    what: 'The function does not exist in this Snowflake account, database and schema: the setup script was not run here.',
    tell: "SHOW FUNCTIONS LIKE '<function>' IN ACCOUNT, as ACCOUNTADMIN, shows none.",
    mend: 'npx snowgate setup sql --stage <stage>, and run what it prints in this account.',
  },
  'sql-function-not-granted': {
    what: 'The function exists, and the current role is not allowed to call it or to use its schema.',
    tell: 'As ACCOUNTADMIN the same call works; SELECT CURRENT_ROLE() shows another role than SNOWGATE_<STAGE>_<CALLER>, or the name lacks its database and schema.',
    mend: 'GRANT ROLE "SNOWGATE_<STAGE>_<CALLER>" TO ROLE <grantee>, and call it by its fully qualified name, SNOWGATE.<STAGE>.<FUNCTION>(…).',
  },
  'sql-function-url-wrong': {
    what: 'The external function’s URL is not a route of the API: it has no path, another stage, or a custom domain, which Snowflake does not support.',
    tell: 'DESC FUNCTION <function>(<types>) shows the URL; it must be https://<api>.execute-api.<region>.amazonaws.com/<stage>/hello.',
    mend: 'npx snowgate setup sql --stage <stage>, and run the printed SQL: it replaces the functions.',
  },
  'integration-missing': {
    what: 'The integration does not exist, or the current role is not allowed to use it.',
    tell: 'SHOW INTEGRATIONS, as ACCOUNTADMIN, does not list it. If it does, the role lacks USAGE on it.',
    mend: 'npx snowgate setup sql --stage <stage>, and run the printed SQL as ACCOUNTADMIN. If it exists: GRANT USAGE ON INTEGRATION <integration> TO ROLE <grantee>.',
  },
  'integration-disabled': {
    what: 'The integration is disabled.',
    tell: 'DESC INTEGRATION <integration> shows ENABLED false.',
    mend: 'ALTER API INTEGRATION <integration> SET ENABLED = TRUE; for a UDF, ALTER SECURITY INTEGRATION or ALTER EXTERNAL ACCESS INTEGRATION.',
  },
  'integration-role-wrong': {
    what: 'The integration has another role than the caller role.',
    tell: 'API_AWS_ROLE_ARN or AWS_ROLE_ARN of DESC INTEGRATION <integration> is not arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>.',
    mend: "ALTER API INTEGRATION <integration> SET API_AWS_ROLE_ARN = 'arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>'. For a UDF: ALTER SECURITY INTEGRATION <integration> SET AWS_ROLE_ARN = the same value.",
  },
  'integration-prefix-wrong': {
    what: 'The integration does not allow the URL that the function calls.',
    tell: 'No entry of API_ALLOWED_PREFIXES in DESC INTEGRATION <integration> is a prefix of the URL in DESC FUNCTION <function>(<types>).',
    mend: "ALTER API INTEGRATION <integration> SET API_ALLOWED_PREFIXES = ('https://<api>.execute-api.<region>.amazonaws.com/<stage>/')",
  },
  'api-host-wrong': {
    what: 'The host name in the URL does not exist: the API was removed or recreated, or the name is mistyped.',
    tell: 'curl -sS https://<api>.execute-api.<region>.amazonaws.com/<stage>/hello gets no response; a deployed API returns 403.',
    mend: 'Use the URL that npx snowgate deploy --stage <stage> prints. In Snowflake: npx snowgate setup sql --stage <stage>, and run the printed SQL, which updates prefixes, functions and network rule.',
  },
  'network-rule-host-wrong': {
    what: 'The UDF’s network rule does not contain the API’s host.',
    tell: 'DESC NETWORK RULE SNOWGATE.<STAGE>.API_HOST must list <api>.execute-api.<region>.amazonaws.com, without https:// and path.',
    mend: "ALTER NETWORK RULE SNOWGATE.<STAGE>.API_HOST SET VALUE_LIST = ('<api>.execute-api.<region>.amazonaws.com')",
  },
  'secret-not-allowed': {
    what: 'The UDF’s external access integration does not allow the secret, or the UDF does not reference it.',
    tell: 'DESC INTEGRATION <integration> lists the secret under ALLOWED_AUTHENTICATION_SECRETS, and DESC FUNCTION <function>(<types>) under secrets as cred.',
    mend: 'ALTER EXTERNAL ACCESS INTEGRATION <integration> SET ALLOWED_AUTHENTICATION_SECRETS = (SNOWGATE.<STAGE>.DOOR_SESSION), then run npx snowgate setup sql --stage <stage> again.',
  },
  'external-access-not-on-trial': {
    what: 'The Snowflake account is a trial account, which does not support external access.',
    tell: 'CREATE EXTERNAL ACCESS INTEGRATION fails for ACCOUNTADMIN too; external functions work.',
    mend: 'Use the external functions: npx snowgate setup sql --stage <stage> --part external-functions. Or convert the trial account to a paid account.',
  },
  'sql-malformed': {
    what: 'The statement has a SQL syntax error.',
    tell: 'The message has line and position. Other statements of the session succeed.',
    mend: 'Correct the statement at that position. Run scripts of npx snowgate setup sql as a whole.',
  },
  'object-missing': {
    what: 'An object of the statement does not exist, or the current role is not authorized.',
    tell: 'As ACCOUNTADMIN, SHOW OBJECTS or SHOW FUNCTIONS LIKE its name IN ACCOUNT shows whether it exists.',
    mend: 'Use its fully qualified name; grant the role USAGE on database and schema and the privilege on the object; or create it.',
  },
  'warehouse-missing': {
    what: 'The session has no warehouse: none is set, it does not exist, or the role has no USAGE on it.',
    tell: 'SELECT CURRENT_WAREHOUSE() is NULL; SHOW WAREHOUSES, with the same role, does not list the warehouse.',
    mend: 'GRANT USAGE ON WAREHOUSE <warehouse> TO ROLE <grantee>; ALTER USER <user> SET DEFAULT_WAREHOUSE = <warehouse>. In access.yml: warehouse: <warehouse> under snowflake.',
  },
  'query-cancelled': {
    what: 'The query was cancelled.',
    tell: 'The query history shows the user. A client that exits, or its timeout, cancels the query too.',
    mend: 'Run it again; if the client’s timeout cancelled it, raise the timeout.',
  },
  'statement-timeout': {
    what: 'The query reached the statement timeout.',
    tell: "SHOW PARAMETERS LIKE 'STATEMENT_TIMEOUT_IN_SECONDS' IN SESSION, and the same IN WAREHOUSE <warehouse>.",
    mend: 'ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 3600, or send fewer rows.',
  },
  'user-too-busy': {
    what: 'The user has reached Snowflake’s limit of concurrent queries.',
    tell: 'The same statement succeeds alone.',
    mend: 'Send fewer queries at once, or use a separate user for each program.',
  },
} as const satisfies Record<string, Cause>
