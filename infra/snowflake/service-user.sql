-- ---------------------------------------------------------------------------------------------------------------------
-- Service user of the account {{account}}: the service logs in as this user, and POST /snowflake-probe tests the login. If
-- the integrations above belong in another account, print only this part with --part service-user.
-- ---------------------------------------------------------------------------------------------------------------------

-- SECURITYADMIN can create users and roles, and manage grants. It owns the user, and only the owner can change its login
-- when you run the script again.
USE ROLE "SECURITYADMIN";

-- The probe needs no privilege. Grant this role access to the data that the service reads.
CREATE ROLE IF NOT EXISTS "{{role}}";{{usage}}

-- A user of TYPE = SERVICE cannot have a password.
CREATE USER IF NOT EXISTS "{{user}}" TYPE = SERVICE;
GRANT ROLE "{{role}}" TO USER "{{user}}";
