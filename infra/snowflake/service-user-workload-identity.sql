-- It logs in as this role of AWS, and as nobody else: one role is one user.
{{why}}
ALTER USER "{{user}}" SET
  WORKLOAD_IDENTITY = ({{identity}})
  {{defaults}};

-- What is set. The first shows account and role of the identity, the last does so for every user, and is up to two hours late.
SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER "{{user}}";
SHOW GRANTS TO USER "{{user}}";
USE ROLE "ACCOUNTADMIN";
SELECT user_name, type, domain, additional_details FROM snowflake.account_usage.credentials
  WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD';
