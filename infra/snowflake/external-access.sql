-- ---------------------------------------------------------------------------------------------------------------------
-- External access: functions in Python call the API. Trial accounts do not have it.
-- ---------------------------------------------------------------------------------------------------------------------

-- The one host that the functions may reach, on port 443.
CREATE NETWORK RULE IF NOT EXISTS "{{database}}"."{{schema}}"."{{networkRule}}"
  MODE = EGRESS
  TYPE = HOST_PORT
  VALUE_LIST = ('{{host}}');
ALTER NETWORK RULE "{{database}}"."{{schema}}"."{{networkRule}}" SET VALUE_LIST = ('{{host}}');

-- Which role Snowflake assumes for them. Never replace it either: it has an external id of its own.
CREATE SECURITY INTEGRATION IF NOT EXISTS "{{securityIntegration}}"
  TYPE = API_AUTHENTICATION
  AUTH_TYPE = AWS_IAM
  AWS_ROLE_ARN = '{{roleArn}}'
  ENABLED = TRUE;
ALTER SECURITY INTEGRATION "{{securityIntegration}}" SET AWS_ROLE_ARN = '{{roleArn}}';

-- Holds no credential: it stands for the sessions of that role, which Snowflake renews.
CREATE SECRET IF NOT EXISTS "{{database}}"."{{schema}}"."{{secret}}"
  TYPE = CLOUD_PROVIDER_TOKEN
  API_AUTHENTICATION = "{{securityIntegration}}";

-- Ties the host and the secret together, for the functions that name it.
CREATE EXTERNAL ACCESS INTEGRATION IF NOT EXISTS "{{accessIntegration}}"
  ALLOWED_NETWORK_RULES = ("{{database}}"."{{schema}}"."{{networkRule}}")
  ALLOWED_AUTHENTICATION_SECRETS = ("{{database}}"."{{schema}}"."{{secret}}")
  ENABLED = TRUE;
