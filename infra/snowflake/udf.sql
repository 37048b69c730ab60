CREATE OR REPLACE FUNCTION "{{database}}"."{{schema}}"."{{function}}"({{parameters}})
  RETURNS {{returns}}
  LANGUAGE PYTHON
  RUNTIME_VERSION = '3.11'
  PACKAGES = ({{packages}})
  HANDLER = '{{handler}}'
  COMMENT = '{{comment}}'
  EXTERNAL_ACCESS_INTEGRATIONS = ("{{accessIntegration}}")
  SECRETS = ('cred' = "{{database}}"."{{schema}}"."{{secret}}")
AS $$
{{body}}
$$;
GRANT USAGE ON FUNCTION "{{database}}"."{{schema}}"."{{function}}"({{types}}) TO ROLE "{{role}}";
