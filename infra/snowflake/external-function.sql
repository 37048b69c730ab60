CREATE OR REPLACE EXTERNAL FUNCTION "{{database}}"."{{schema}}"."{{function}}"({{parameters}})
  RETURNS VARIANT
  COMMENT = '{{comment}}'
  API_INTEGRATION = "{{apiIntegration}}"
  AS '{{url}}';
GRANT USAGE ON FUNCTION "{{database}}"."{{schema}}"."{{function}}"({{types}}) TO ROLE "{{role}}";
