/** What the objects in Snowflake are called: upper case, so that SQL finds them without quotation marks as well. */
export interface SnowflakeNames {
  readonly database: string
  readonly schema: string
  /** Whoever has it may call the functions. */
  readonly role: string
  readonly apiIntegration: string
  readonly securityIntegration: string
  readonly accessIntegration: string
  readonly networkRule: string
  readonly secret: string
}

/** The names of integrations and roles are the account's, where stages and callers meet; the others are the schema's. */
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
    secret: 'DOOR_SESSION',
  }
}
