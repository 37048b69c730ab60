-- ---------------------------------------------------------------------------------------------------------------------
-- External functions: Snowflake sends batches of rows to the API.
-- ---------------------------------------------------------------------------------------------------------------------

-- The role that Snowflake assumes, and the URLs that it may call. Never use CREATE OR REPLACE: it creates a new external id,
-- and the role's trust policy would reject Snowflake.
CREATE API INTEGRATION IF NOT EXISTS "{{apiIntegration}}"
  API_PROVIDER = {{apiProvider}}
  API_AWS_ROLE_ARN = '{{roleArn}}'
  API_ALLOWED_PREFIXES = ('{{prefix}}')
  ENABLED = TRUE;

-- If the integration already exists: set the same values, keep the external id.
ALTER API INTEGRATION "{{apiIntegration}}" SET
  API_AWS_ROLE_ARN = '{{roleArn}}'
  API_ALLOWED_PREFIXES = ('{{prefix}}');

-- Functions have no external id, so they can be replaced. This drops grants that you made manually.
