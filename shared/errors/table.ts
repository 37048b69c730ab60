/**
 * Every way in which a snowgate function can refuse or fail: one row each.
 *
 * - `status`: what an HTTP caller gets. Snowflake retries 429 and every 5xx until its own time-out and gives up at once on
 *   any other status, so a caller's mistake or a lasting fault is a 4xx, overload is 429, and only a fault that passes by
 *   itself is 503. https://docs.snowflake.com/en/sql-reference/external-functions-best-practices
 * - `says`: for the caller. Nothing from inside.
 * - `remedy`: for whoever operates or calls the service; `docs/errors.md` prints it.
 */
export const errorTable = {
  BODY_NOT_JSON: {
    status: 400,
    says: 'The request body is not valid JSON.',
    remedy: 'Send a JSON object such as {"name":"Alice"} as UTF-8 text.',
  },
  BODY_NOT_READABLE: {
    status: 400,
    says: 'The request body could not be decompressed.',
    remedy: 'Send the body plain or as one complete gzip stream of at most 10 MB once inflated.',
  },
  CONTENT_TYPE_NOT_JSON: {
    status: 415,
    says: 'The request body is not declared as JSON.',
    remedy: 'Send the header Content-Type: application/json. curl -d declares a form unless told otherwise.',
  },
  INPUT_INVALID: {
    status: 400,
    says: 'The input does not have the form this function takes.',
    remedy: 'The message names the member that is wrong. The forms are listed in docs/functions.md.',
  },
  ROWS_INVALID: {
    status: 400,
    says: 'The batch does not have the form that a Snowflake external function sends.',
    remedy:
      'The message names the row. Compare the arguments in CREATE EXTERNAL FUNCTION with the row form in docs/functions.md.',
  },
  BATCH_UNKNOWN: {
    status: 404,
    says: 'There is no such batch of rows to ask for.',
    remedy: 'Send the rows with POST: they are answered at once, so that there is nothing to poll for.',
  },
  ANSWER_TOO_LARGE: {
    status: 413,
    says: 'The answer is larger than Lambda can return.',
    remedy:
      'Ask for less at once: a serialized answer may hold 6,291,556 bytes. For rows, set MAX_BATCH_ROWS on the external function.',
  },
  DEADLINE_EXCEEDED: {
    status: 503,
    says: 'The work did not finish in time.',
    remedy:
      'Try again. If it persists, raise the timeout of the function in serverless.yml or, for rows, set MAX_BATCH_ROWS on the external function.',
  },
  UNEXPECTED: {
    status: 422,
    says: 'The service failed in a way it does not know.',
    remedy:
      'Look for the request id in the log of the function; the entry holds the cause. This is a defect: report it.',
  },
} as const satisfies Record<string, { status: number; says: string; remedy: string }>

export type ErrorCode = keyof typeof errorTable
