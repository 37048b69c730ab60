-- ---------------------------------------------------------------------------------------------------------------------
-- External access: Python functions call the API. Not available in trial accounts.
-- ---------------------------------------------------------------------------------------------------------------------

-- The only host that the functions can reach, on port 443.
CREATE NETWORK RULE IF NOT EXISTS "{{database}}"."{{schema}}"."{{networkRule}}"
  MODE = EGRESS
  TYPE = HOST_PORT
  VALUE_LIST = ('{{host}}');
ALTER NETWORK RULE "{{database}}"."{{schema}}"."{{networkRule}}" SET VALUE_LIST = ('{{host}}');

-- The role that Snowflake assumes for these functions. Never replace it: it has its own external id.
CREATE SECURITY INTEGRATION IF NOT EXISTS "{{securityIntegration}}"
  TYPE = API_AUTHENTICATION
  AUTH_TYPE = AWS_IAM
  AWS_ROLE_ARN = '{{roleArn}}'
  ENABLED = TRUE;
ALTER SECURITY INTEGRATION "{{securityIntegration}}" SET AWS_ROLE_ARN = '{{roleArn}}';

-- Contains no credential: it represents sessions of the role, which Snowflake renews.
CREATE SECRET IF NOT EXISTS "{{database}}"."{{schema}}"."{{secret}}"
  TYPE = CLOUD_PROVIDER_TOKEN
  API_AUTHENTICATION = "{{securityIntegration}}";

-- Combines host and secret for the functions that reference it.
CREATE EXTERNAL ACCESS INTEGRATION IF NOT EXISTS "{{accessIntegration}}"
  ALLOWED_NETWORK_RULES = ("{{database}}"."{{schema}}"."{{networkRule}}")
  ALLOWED_AUTHENTICATION_SECRETS = ("{{database}}"."{{schema}}"."{{secret}}")
  ENABLED = TRUE;
