import { SnowflakeError } from '../engine/snowflake-error.ts'

/** The texts that a failed external function leaves behind. */
export const externalFunctionErrors = {
  // Known by reports; their codes and this SQL state too.
  unreachable: (name: string, cause?: unknown) =>
    new SnowflakeError(
      `Request failed for external function ${name}. Error: Remote service cannot be reached. Check the endpoint URL and try again.`,
      { code: '100350', sqlState: 'P0000', cause },
    ),
  remoteError: (name: string, status: number, body: string) =>
    new SnowflakeError(
      `Request failed for external function ${name} with remote service error: ${status} '${body.slice(0, 2_000)}'`,
      { code: '100351', sqlState: 'P0000' },
    ),
  // https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-troubleshooting, with what was found.
  assumeRole: (cause: unknown) =>
    new SnowflakeError(
      'SQL execution error: Error assuming AWS_ROLE. Please verify the role and externalId are configured correctly in your AWS policy.',
      { cause },
    ),
  noData: (name: string, cause?: unknown) =>
    new SnowflakeError(
      `Error parsing JSON response for external function ${name}. Error: top-level JSON object must contain "data" JSON array element`,
      { cause },
    ),
  invalidResponse: (name: string, row: number) =>
    new SnowflakeError(
      `Request failed for external function ${name}. Error parsing JSON: Invalid response (row ${row} is not an array of its number and one value)`,
    ),
  outOfOrder: (name: string, row: number, found: string) =>
    new SnowflakeError(
      `Request failed for external function ${name}. Error: Row numbers out of order (row ${row} carries ${found})`,
    ),
  wrongCount: (name: string, sent: number, returned: number) =>
    new SnowflakeError(
      `Request failed for external function ${name}. Error: Function received the wrong number of rows (sent ${sent}, returned ${returned})`,
    ),
  // Snowflake's words for these are not published.
  tooLarge: (name: string) =>
    new SnowflakeError(`Request failed for external function ${name}. Error: the response exceeds 10 MB`),
  notDecompressed: (name: string, encoding: string, cause: unknown) =>
    new SnowflakeError(`Request failed for external function ${name}. Error: the response is not ${encoding}`, {
      cause,
    }),
  wrongChecksum: (name: string) =>
    new SnowflakeError(
      `Request failed for external function ${name}. Error: Content-MD5 is not the checksum of the response`,
    ),
  timedOut: (name: string) =>
    new SnowflakeError(
      `Request failed for external function ${name}. Error: the asynchronous batch was not done within 10 minutes`,
    ),
  cancelled: () => new SnowflakeError('SQL execution canceled', { code: '000604', sqlState: '57014' }),
} as const
