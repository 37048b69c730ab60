-- ---------------------------------------------------------------------------------------------------------------------
-- Step two: allow Snowflake to assume the caller role. In access.yml, under the caller, set iamUserArn to the value of
-- API_AWS_IAM_USER_ARN, and externalIds to the list of API_AWS_EXTERNAL_ID values, one for each statement below. Then deploy
-- again. A trailing = is part of the id.
-- ---------------------------------------------------------------------------------------------------------------------
{{descriptions}}
