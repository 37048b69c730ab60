-- ---------------------------------------------------------------------------------------------------------------------
-- External functions: Snowflake itself sends batches of rows to the API.
-- ---------------------------------------------------------------------------------------------------------------------

-- Which role Snowflake assumes, and which URLs it may then call. Never replace it: CREATE OR REPLACE draws another external id,
-- and the trust of the role would no longer let Snowflake in.
CREATE API INTEGRATION IF NOT EXISTS "{{apiIntegration}}"
  API_PROVIDER = {{apiProvider}}
  API_AWS_ROLE_ARN = '{{roleArn}}'
  API_ALLOWED_PREFIXES = ('{{prefix}}')
  ENABLED = TRUE;

-- When the integration was there already: the same values, and the same external id.
ALTER API INTEGRATION "{{apiIntegration}}" SET
  API_AWS_ROLE_ARN = '{{roleArn}}'
  API_ALLOWED_PREFIXES = ('{{prefix}}');

-- Functions hold no external id, so that they are replaced. With them go grants that were made by hand.
