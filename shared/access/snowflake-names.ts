/** Names of the Snowflake objects, in upper case, so that SQL finds them without quotation marks too. */
export interface SnowflakeNames {
  readonly database: string
  readonly schema: string
  /** Grants the right to call the functions. */
  readonly role: string
  readonly apiIntegration: string
  readonly securityIntegration: string
  readonly accessIntegration: string
  readonly networkRule: string
  readonly secret: string
}

/** Integrations and roles are account-level objects, so their names include stage and caller. The others belong to the schema. */
export const snowflakeNames = (stage: string, caller: string): SnowflakeNames => {
  const role = `SNOWGATE_${stage}_${caller}`.replaceAll('-', '_').toUpperCase()
  return {
    database: 'SNOWGATE',
    schema: stage.toUpperCase(),
    role,
    apiIntegration: `${role}_API`,
    securityIntegration: `${role}_IAM`,
    accessIntegration: `${role}_ACCESS`,
    networkRule: 'API_HOST',
    secret: 'CALLER_ROLE_SESSION',
  }
}
