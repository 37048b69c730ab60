export interface ErrorRow {
  readonly status: number
  readonly message: string
  readonly remedy: string
}

const rows = {
  BODY_NOT_JSON: {
    status: 400,
    message: 'The request body is not valid JSON.',
    remedy: 'Send a JSON object such as {"name":"Alice"} as UTF-8 text.',
  },
  BODY_NOT_READABLE: {
    status: 400,
    message: 'The request body could not be decompressed.',
    remedy: 'Send the body plain or as one complete gzip stream of at most 10 MB once inflated.',
  },
  CONTENT_TYPE_NOT_JSON: {
    status: 415,
    message: 'The request body is not declared as JSON.',
    remedy: 'Send the header Content-Type: application/json. curl -d sends a form content type by default.',
  },
  INPUT_INVALID: {
    status: 400,
    message: 'The input is invalid.',
    remedy: 'The message names the invalid member. docs/functions.md lists the input of each function.',
  },
  ROWS_INVALID: {
    status: 400,
    message: 'The batch is not in the format of a Snowflake external function.',
    remedy:
      'The message names the row. Compare the arguments in CREATE EXTERNAL FUNCTION with the function’s parameters in docs/functions.md.',
  },
  BATCH_UNKNOWN: {
    status: 404,
    message: 'The batch does not exist.',
    remedy:
      'Send the rows with POST. Only asynchronous functions can be polled. They keep the state of a batch for twelve hours, and only the role that sent the batch can poll it.',
  },
  BATCH_FAILED: {
    status: 422,
    message: 'The batch failed three times without a result.',
    remedy:
      'Search the function’s log for the batch id: the function ran out of memory, or its process exited. Raise its memorySize in infra/template/function-definitions.ts, or set MAX_BATCH_ROWS on the external function.',
  },
  BATCHES_REFUSED: {
    status: 422,
    message: 'The service is not allowed to store the state of asynchronous batches.',
    remedy:
      'Search the function’s log for the request id: it has the error of DynamoDB or Lambda. Deploy again, so that role, table and function come from the same template.',
  },
  BATCHES_UNREACHABLE: {
    status: 503,
    message: 'The service cannot reach the state of asynchronous batches.',
    remedy:
      'Try again. If it persists, check the table and the function for throttling; the function’s log has the cause.',
  },
  AWS_UNREACHABLE: {
    status: 503,
    message: 'AWS did not return credentials or a secret in time.',
    remedy:
      'Try again. If it persists, search the function’s log for the request id: it has the request and the response. A function in a VPC needs a route to STS and SSM.',
  },
  AWS_THROTTLED: {
    status: 429,
    message: 'AWS throttles the service’s requests for credentials or secrets.',
    remedy:
      'Try again later. If it persists, find the throttling service in the function’s log and request a quota increase.',
  },
  AWS_REQUEST_REFUSED: {
    status: 422,
    message: 'AWS rejects the service’s request for credentials or a secret.',
    remedy:
      'Search the function’s log for the request id: it has the message from AWS. The usual reason is the duration, the session policy, the region or a parameter name.',
  },
  OWN_CREDENTIALS_UNUSABLE: {
    status: 422,
    message: 'The service has no valid AWS credentials.',
    remedy:
      'In Lambda they come with the execution role, in ECS with the task role. If you set them manually, copy all three values again, without quotes, spaces or line breaks; jq -r prints them without quotes.',
  },
  ROLE_DENIED: {
    status: 422,
    message: 'The service is not allowed to assume the role that it needs.',
    remedy:
      'Search the function’s log for the request id: it has the error from STS. Compare the role’s trust policy with the principal, the external id and, if the request has tags or a source identity, sts:TagSession and sts:SetSourceIdentity.',
  },
  SECRET_NOT_FOUND: {
    status: 422,
    message: 'A secret that the service needs does not exist.',
    remedy:
      'Create the parameter that the function’s log names, in the function’s region. In an ECS task, set SECRET_KEY from the container’s secrets.',
  },
  SECRET_DENIED: {
    status: 422,
    message: 'The service is not allowed to read a secret that it needs.',
    remedy: 'Allow its role ssm:GetParameter on the parameter that the function’s log names.',
  },
  SECRET_NOT_DECRYPTABLE: {
    status: 422,
    message: 'A secret that the service needs cannot be decrypted.',
    remedy:
      'Allow the function’s role kms:Decrypt on the parameter’s key. If the key belongs to another account, allow it in the key policy too. Check that the key is enabled.',
  },
  PRIVATE_KEY_UNUSABLE: {
    status: 422,
    message: 'The service’s private key is invalid.',
    remedy:
      'The message says what is wrong with it. Store the unmodified key file: aws ssm put-parameter --type SecureString --value file://rsa_key.p8.',
  },
  PASSPHRASE_MISSING: {
    status: 422,
    message: 'The service’s private key is encrypted, and the passphrase is missing.',
    remedy: 'Name the parameter that holds the passphrase, or set PRIVATE_KEY_PASSPHRASE from the container’s secrets.',
  },
  PASSPHRASE_WRONG: {
    status: 422,
    message: 'The passphrase does not decrypt the service’s private key.',
    remedy: 'Store the key’s passphrase without quotes or line breaks: echo adds a line break, printf %s does not.',
  },
  TARGET_UNKNOWN: {
    status: 404,
    message: 'The target does not exist.',
    remedy: 'The message lists the existing targets. Define targets under the stage in access.yml, then deploy.',
  },
  TARGET_REQUEST_REFUSED: {
    status: 403,
    message: 'The target does not allow this method and path.',
    remedy:
      'The message lists what it allows. To allow more, add a rule to allow under the target in access.yml, then deploy.',
  },
  TARGET_ADDRESS_REFUSED: {
    status: 422,
    message: 'The target’s host name resolves to an address that is not allowed.',
    remedy:
      'The function’s log has the address, which is not a public address. If the target is in your own network, add allowPrivate: true next to its url in access.yml.',
  },
  TARGET_UNREACHABLE: {
    status: 503,
    message: 'The service could not reach the target, or the target did not respond in time.',
    remedy:
      'Try again: the request was not sent, or is safe to repeat. If it persists, search the function’s log for the request id. The function needs a route to its targets and a security group that allows the traffic.',
  },
  TARGET_OUTCOME_UNKNOWN: {
    status: 422,
    message: 'The target received the request and did not respond: it may or may not have processed it.',
    remedy:
      'Check the state in the target before you send the request again. If the target supports Idempotency-Key, you can repeat the request.',
  },
  TARGET_UNUSABLE: {
    status: 422,
    message: 'The target’s host does not exist, its certificate is invalid, or it does not speak HTTP.',
    remedy:
      'Search the function’s log for the request id: it has the cause. Compare the url in access.yml with the name in the target’s certificate.',
  },
  SNOWFLAKE_UNREACHABLE: {
    status: 503,
    message: 'The service could not reach Snowflake, or Snowflake did not respond in time.',
    remedy:
      'The message names the phase that failed. Try again. If it persists, give the function a route to port 443 of the account and a timeout of 15 seconds: a first login can take 9 seconds.',
  },
  SNOWFLAKE_BUSY: {
    status: 429,
    message: 'Snowflake throttles the service’s requests.',
    remedy: 'Try again later. If it persists, check how many logins and queries the user has at once.',
  },
  SNOWFLAKE_UNUSABLE: {
    status: 422,
    message: 'The response at the Snowflake account’s address does not come from that account.',
    remedy:
      'The message names the reason: an unknown account name, a proxy, or another host’s certificate. Compare snowflake.account in access.yml with the result of SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(), joined by a hyphen, then deploy.',
  },
  SNOWFLAKE_IDENTITY_UNUSABLE: {
    status: 422,
    message: 'The service cannot authenticate to Snowflake.',
    remedy:
      'The message says what is missing. In Lambda, credentials and region come with the execution role, in ECS with the task role. A token needs sts:GetWebIdentityToken. Each role of the impersonation path must trust the role before it.',
  },
  SNOWFLAKE_LOGIN_REFUSED: {
    status: 422,
    message: 'Snowflake rejects the service’s login.',
    remedy: 'The message has the cause and the statement that fixes it. Run it as SECURITYADMIN.',
  },
  SNOWFLAKE_QUERY_REFUSED: {
    status: 422,
    message: 'The login to Snowflake succeeded, and the query failed.',
    remedy: 'The message includes Snowflake’s message.',
  },
  ANSWER_TOO_LARGE: {
    status: 413,
    message: 'The response is larger than Lambda can return.',
    remedy:
      'Request less data at once: the limit of a serialized response is 6,291,556 bytes. For rows, set MAX_BATCH_ROWS on the external function.',
  },
  DEADLINE_EXCEEDED: {
    status: 503,
    message: 'The request did not finish in time.',
    remedy:
      'Try again. If it persists, raise the timeout of the function in serverless.yml or, for rows, set MAX_BATCH_ROWS on the external function.',
  },
  UNEXPECTED: {
    status: 422,
    message: 'The service failed with an unexpected error.',
    remedy: 'Search the function’s log for the request id: the entry has the cause. This is a bug: report it.',
  },
} satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof rows

/**
 * Every error that a snowgate function can return: one row each.
 *
 * - `status`: what an HTTP caller gets. Snowflake retries 429 and every 5xx until its own timeout and gives up immediately on
 *   any other status, so a caller's mistake or a permanent error is a 4xx, overload is 429, and only a transient error
 *   is 503. https://docs.snowflake.com/en/sql-reference/external-functions-best-practices
 * - `message`: for the caller. No internal details.
 * - `remedy`: for operators and callers; `docs/errors.md` prints it.
 */
export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = rows
