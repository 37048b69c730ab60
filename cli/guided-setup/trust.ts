/** Whom the door of a Snowflake caller has to trust, as DESC INTEGRATION tells. */
export interface Trust {
  readonly iamUserArn: string
  /** One for each integration. */
  readonly externalIds: readonly string[]
}
