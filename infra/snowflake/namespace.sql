-- ACCOUNTADMIN may do all of this. A role of your own may as well, once it has been granted CREATE INTEGRATION, CREATE DATABASE
-- and CREATE ROLE ON ACCOUNT: put it here then, and keep it. Whoever creates the integrations owns them, and only the owner
-- may change them when the script is run again.
USE ROLE "ACCOUNTADMIN";

CREATE DATABASE IF NOT EXISTS "{{database}}";
CREATE SCHEMA IF NOT EXISTS "{{database}}"."{{schema}}";

-- Whoever is granted this role may call the functions below, and do nothing else. It has no warehouse: its users bring one.
-- The integrations and the secret stay with their owner: calling a function does not take a privilege on them.
CREATE ROLE IF NOT EXISTS "{{role}}";
GRANT USAGE ON DATABASE "{{database}}" TO ROLE "{{role}}";
GRANT USAGE ON SCHEMA "{{database}}"."{{schema}}" TO ROLE "{{role}}";
