-- The user logs in with this AWS role only. A role can belong to only one user.
{{reason}}
ALTER USER "{{user}}" SET
  WORKLOAD_IDENTITY = ({{identity}})
  {{defaults}};

-- Show the result. The first statement shows account and role of the identity, the last those of all users, up to two hours late.
SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER "{{user}}";
SHOW GRANTS TO USER "{{user}}";
USE ROLE "ACCOUNTADMIN";
SELECT user_name, type, domain, additional_details FROM snowflake.account_usage.credentials
  WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD';
