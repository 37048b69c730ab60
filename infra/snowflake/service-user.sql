-- ---------------------------------------------------------------------------------------------------------------------
-- Service user of the account {{account}}: the service logs in as it, and POST /snowflake-probe tries it out. If the
-- integrations above belong into another account, this part is printed alone with --part service-user.
-- ---------------------------------------------------------------------------------------------------------------------

-- SECURITYADMIN may create users and roles, and grant what others own. Whoever creates the user owns it, and only the owner may
-- change how it logs in when the script is run again.
USE ROLE "SECURITYADMIN";

-- To say who and where it is, a session needs no privilege. What the service is to read later is granted to this role.
CREATE ROLE IF NOT EXISTS "{{role}}";{{usage}}

-- A service has no password, and cannot have one.
CREATE USER IF NOT EXISTS "{{user}}" TYPE = SERVICE;
GRANT ROLE "{{role}}" TO USER "{{user}}";
