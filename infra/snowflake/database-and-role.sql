-- ACCOUNTADMIN has all required privileges. To use your own role, grant it CREATE INTEGRATION, CREATE DATABASE and CREATE ROLE
-- ON ACCOUNT, and always use the same role: it owns the integrations, and only the owner can change them when you run the
-- script again.
USE ROLE "ACCOUNTADMIN";

CREATE DATABASE IF NOT EXISTS "{{database}}";
CREATE SCHEMA IF NOT EXISTS "{{database}}"."{{schema}}";

-- This role can call the functions below, and nothing else. It has no warehouse: its users need one of their own.
-- It needs no privilege on the integrations and the secret to call the functions.
CREATE ROLE IF NOT EXISTS "{{role}}";
GRANT USAGE ON DATABASE "{{database}}" TO ROLE "{{role}}";
GRANT USAGE ON SCHEMA "{{database}}"."{{schema}}" TO ROLE "{{role}}";
