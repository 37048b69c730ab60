-- ---------------------------------------------------------------------------------------------------------------------
-- Step two: let Snowflake in. In access.yml, under the caller, iamUserArn is the value of the row API_AWS_IAM_USER_ARN, and
-- externalIds is the list of the rows API_AWS_EXTERNAL_ID, one for each statement below. Then deploy again. A sign = at the
-- end of an id belongs to it.
-- ---------------------------------------------------------------------------------------------------------------------
{{descriptions}}
