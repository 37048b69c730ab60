import type { Cause } from './cause.ts'

/** Causes in the Snowflake account that calls the service: integrations, functions, network rule, secret. */
export const snowflakeObjectCauses = {
  'setup-not-run': {
    summary:
      'The function does not exist in this Snowflake account, database and schema: the setup script was not run here.',
    howToTell: "SHOW FUNCTIONS LIKE '<function>' IN ACCOUNT, as ACCOUNTADMIN, shows none.",
    fix: 'npx snowgate setup sql --stage <stage>, and run what it prints in this account.',
  },
  'sql-function-not-granted': {
    summary: 'The function exists, and the current role is not allowed to call it or to use its schema.',
    howToTell:
      'As ACCOUNTADMIN the same call works; SELECT CURRENT_ROLE() shows another role than SNOWGATE_<STAGE>_<CALLER>, or the name lacks its database and schema.',
    fix: 'GRANT ROLE "SNOWGATE_<STAGE>_<CALLER>" TO ROLE <grantee>, and call it by its fully qualified name, SNOWGATE.<STAGE>.<FUNCTION>(…).',
  },
  'sql-function-url-wrong': {
    summary:
      'The external function’s URL is not a route of the API: it has no path, another stage, or a custom domain, which Snowflake does not support.',
    howToTell:
      'DESC FUNCTION <function>(<types>) shows the URL; it must be https://<api>.execute-api.<region>.amazonaws.com/<stage>/hello.',
    fix: 'npx snowgate setup sql --stage <stage>, and run the printed SQL: it replaces the functions.',
  },
  'integration-missing': {
    summary: 'The integration does not exist, or the current role is not allowed to use it.',
    howToTell: 'SHOW INTEGRATIONS, as ACCOUNTADMIN, does not list it. If it does, the role lacks USAGE on it.',
    fix: 'npx snowgate setup sql --stage <stage>, and run the printed SQL as ACCOUNTADMIN. If it exists: GRANT USAGE ON INTEGRATION <integration> TO ROLE <grantee>.',
  },
  'integration-disabled': {
    summary: 'The integration is disabled.',
    howToTell: 'DESC INTEGRATION <integration> shows ENABLED false.',
    fix: 'ALTER API INTEGRATION <integration> SET ENABLED = TRUE; for a UDF, ALTER SECURITY INTEGRATION or ALTER EXTERNAL ACCESS INTEGRATION.',
  },
  'integration-role-wrong': {
    summary: 'The integration has another role than the caller role.',
    howToTell:
      'API_AWS_ROLE_ARN or AWS_ROLE_ARN of DESC INTEGRATION <integration> is not arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>.',
    fix: "ALTER API INTEGRATION <integration> SET API_AWS_ROLE_ARN = 'arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>'. For a UDF: ALTER SECURITY INTEGRATION <integration> SET AWS_ROLE_ARN = the same value.",
  },
  'integration-prefix-wrong': {
    summary: 'The integration does not allow the URL that the function calls.',
    howToTell:
      'No entry of API_ALLOWED_PREFIXES in DESC INTEGRATION <integration> is a prefix of the URL in DESC FUNCTION <function>(<types>).',
    fix: "ALTER API INTEGRATION <integration> SET API_ALLOWED_PREFIXES = ('https://<api>.execute-api.<region>.amazonaws.com/<stage>/')",
  },
  'api-host-wrong': {
    summary: 'The host name in the URL does not exist: the API was removed or recreated, or the name is mistyped.',
    howToTell:
      'curl -sS https://<api>.execute-api.<region>.amazonaws.com/<stage>/hello gets no response; a deployed API returns 403.',
    fix: 'Use the URL that npx snowgate deploy --stage <stage> prints. In Snowflake: npx snowgate setup sql --stage <stage>, and run the printed SQL, which updates prefixes, functions and network rule.',
  },
  'network-rule-host-wrong': {
    summary: 'The UDF’s network rule does not contain the API’s host.',
    howToTell:
      'DESC NETWORK RULE SNOWGATE.<STAGE>.API_HOST must list <api>.execute-api.<region>.amazonaws.com, without https:// and path.',
    fix: "ALTER NETWORK RULE SNOWGATE.<STAGE>.API_HOST SET VALUE_LIST = ('<api>.execute-api.<region>.amazonaws.com')",
  },
  'secret-not-allowed': {
    summary: 'The UDF’s external access integration does not allow the secret, or the UDF does not reference it.',
    howToTell:
      'DESC INTEGRATION <integration> lists the secret under ALLOWED_AUTHENTICATION_SECRETS, and DESC FUNCTION <function>(<types>) under secrets as cred.',
    fix: 'ALTER EXTERNAL ACCESS INTEGRATION <integration> SET ALLOWED_AUTHENTICATION_SECRETS = (SNOWGATE.<STAGE>.DOOR_SESSION), then run npx snowgate setup sql --stage <stage> again.',
  },
  'external-access-not-on-trial': {
    summary: 'The Snowflake account is a trial account, which does not support external access.',
    howToTell: 'CREATE EXTERNAL ACCESS INTEGRATION fails for ACCOUNTADMIN too; external functions work.',
    fix: 'Use the external functions: npx snowgate setup sql --stage <stage> --part external-functions. Or convert the trial account to a paid account.',
  },
  'sql-malformed': {
    summary: 'The statement has a SQL syntax error.',
    howToTell: 'The message has line and position. Other statements of the session succeed.',
    fix: 'Correct the statement at that position. Run scripts of npx snowgate setup sql as a whole.',
  },
  'object-missing': {
    summary: 'An object of the statement does not exist, or the current role is not authorized.',
    howToTell: 'As ACCOUNTADMIN, SHOW OBJECTS or SHOW FUNCTIONS LIKE its name IN ACCOUNT shows whether it exists.',
    fix: 'Use its fully qualified name; grant the role USAGE on database and schema and the privilege on the object; or create it.',
  },
  'warehouse-missing': {
    summary: 'The session has no warehouse: none is set, it does not exist, or the role has no USAGE on it.',
    howToTell: 'SELECT CURRENT_WAREHOUSE() is NULL; SHOW WAREHOUSES, with the same role, does not list the warehouse.',
    fix: 'GRANT USAGE ON WAREHOUSE <warehouse> TO ROLE <grantee>; ALTER USER <user> SET DEFAULT_WAREHOUSE = <warehouse>. In access.yml: warehouse: <warehouse> under snowflake.',
  },
  'query-cancelled': {
    summary: 'The query was cancelled.',
    howToTell: 'The query history shows the user. A client that exits, or its timeout, cancels the query too.',
    fix: 'Run it again; if the client’s timeout cancelled it, raise the timeout.',
  },
  'statement-timeout': {
    summary: 'The query reached the statement timeout.',
    howToTell: "SHOW PARAMETERS LIKE 'STATEMENT_TIMEOUT_IN_SECONDS' IN SESSION, and the same IN WAREHOUSE <warehouse>.",
    fix: 'ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 3600, or send fewer rows.',
  },
  'user-too-busy': {
    summary: 'The user has reached Snowflake’s limit of concurrent queries.',
    howToTell: 'The same statement succeeds alone.',
    fix: 'Send fewer queries at once, or use a separate user for each program.',
  },
} as const satisfies Record<string, Cause>
