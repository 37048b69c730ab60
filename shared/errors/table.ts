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
    remedy:
      'Send the rows with POST. A function that answers at once has nothing to poll for; of one that does not, the state of a batch ends after twelve hours, and only the role that sent a batch can ask for it.',
  },
  BATCH_FAILED: {
    status: 422,
    says: 'The work on this batch ended three times without an answer.',
    remedy:
      'Look for the batch id in the log of the function: it ran out of memory, or its process ended. Raise its memorySize in infra/functions.ts, or set MAX_BATCH_ROWS on the external function.',
  },
  BATCHES_REFUSED: {
    status: 422,
    says: 'The service may not keep the state of asynchronous batches.',
    remedy:
      'Look for the request id in the log of the function: it has the refusal of DynamoDB or Lambda. Deploy again, so that the role, the table and the function are those of one template.',
  },
  BATCHES_UNREACHABLE: {
    status: 503,
    says: 'The state of asynchronous batches cannot be reached.',
    remedy: 'Try again. If it persists, look for throttling of the table or of the function, whose log has the cause.',
  },
  AWS_UNREACHABLE: {
    status: 503,
    says: 'AWS did not give the service a login in time.',
    remedy:
      'Try again. If it persists, look for the request id in the log of the function: it has what was asked and what came back. A function inside a VPC needs a way to STS and SSM.',
  },
  AWS_THROTTLED: {
    status: 429,
    says: 'AWS is being asked for logins too often.',
    remedy:
      'Try again later. If it persists, look in the log of the function for which service throttles, and have its quota raised.',
  },
  AWS_REQUEST_REFUSED: {
    status: 422,
    says: 'AWS does not accept how the service asks for a login.',
    remedy:
      'Look for the request id in the log of the function: it has the words of AWS. Usually the duration, the session policy, the region or the name of a parameter.',
  },
  OWN_CREDENTIALS_UNUSABLE: {
    status: 422,
    says: 'The service has no credentials of its own that AWS accepts.',
    remedy:
      'In Lambda they come with the execution role, in ECS with the task role. Where they were set by hand, copy all three again, bare and in one piece; jq prints them without quotes with jq -r.',
  },
  ROLE_DENIED: {
    status: 422,
    says: 'The service may not assume the role that it needs.',
    remedy:
      'Look for the request id in the log of the function: it has the refusal of STS. Compare who asks, the external id and, where tags or a source identity are sent, sts:TagSession and sts:SetSourceIdentity with the trust policy of the role.',
  },
  SECRET_NOT_FOUND: {
    status: 422,
    says: 'A secret that the service logs in with is not there.',
    remedy:
      'Create the parameter that the log of the function names, in the region of the function. In a task, let the secrets of the container set SECRET_KEY.',
  },
  SECRET_DENIED: {
    status: 422,
    says: 'The service may not read a secret that it logs in with.',
    remedy: 'Allow its role ssm:GetParameter on the parameter that the log of the function names.',
  },
  SECRET_NOT_DECRYPTABLE: {
    status: 422,
    says: 'A secret that the service logs in with cannot be decrypted.',
    remedy:
      'Allow the role of the function kms:Decrypt on the key of the parameter, in the policy of the key too where it belongs to another account, and see that the key is enabled.',
  },
  PRIVATE_KEY_UNUSABLE: {
    status: 422,
    says: 'The private key of the service cannot be used.',
    remedy:
      'The message says what is wrong with it. Store the key file as it is: aws ssm put-parameter --type SecureString --value file://rsa_key.p8.',
  },
  PASSPHRASE_MISSING: {
    status: 422,
    says: 'The private key of the service is encrypted, and there is no passphrase.',
    remedy:
      'Name the parameter that holds the passphrase, or let the secrets of the container set PRIVATE_KEY_PASSPHRASE.',
  },
  PASSPHRASE_WRONG: {
    status: 422,
    says: 'The passphrase does not open the private key of the service.',
    remedy: 'Store the passphrase that belongs to the key, bare: echo adds a line break, printf %s does not.',
  },
  TARGET_UNKNOWN: {
    status: 404,
    says: 'There is no target of that name.',
    remedy:
      'The message lists those there are. Targets stand in access.yml, under the stage, and are deployed with it.',
  },
  TARGET_REQUEST_REFUSED: {
    status: 403,
    says: 'The target is not open for this method and path.',
    remedy:
      'The message lists what it is open for. To open it for more, add a line to its allow in access.yml and deploy.',
  },
  TARGET_ADDRESS_REFUSED: {
    status: 422,
    says: 'The name of the target leads to an address that the service does not call.',
    remedy:
      'The log of the function has the address, which is not one of the public internet. If the target lies in a network of yours, write allowPrivate: true beside its url in access.yml.',
  },
  TARGET_UNREACHABLE: {
    status: 503,
    says: 'The target could not be reached, or did not answer in time.',
    remedy:
      'Try again: nothing was sent, or nothing that is harmful twice. If it persists, look for the request id in the log of the function; a function needs a way to its targets, and a security group that lets it through.',
  },
  TARGET_OUTCOME_UNKNOWN: {
    status: 422,
    says: 'The target got the request and did not answer: it may have carried it out, or not.',
    remedy:
      'Ask the target what came of it before sending it again. A target that honours Idempotency-Key can be asked the same again.',
  },
  TARGET_UNUSABLE: {
    status: 422,
    says: 'The target does not exist, does not prove its name, or does not speak HTTP.',
    remedy:
      'Look for the request id in the log of the function: it has the cause. Compare the url in access.yml with the name in the certificate of the target.',
  },
  SNOWFLAKE_UNREACHABLE: {
    status: 503,
    says: 'Snowflake could not be reached, or did not answer in time.',
    remedy:
      'The message says how far it came. Try again; if it persists, a function needs a way to port 443 of the account, and a timeout of 15 seconds: a first login has been seen to take 9.',
  },
  SNOWFLAKE_BUSY: {
    status: 429,
    says: 'Snowflake takes no more requests for the moment.',
    remedy: 'Try again later. If it persists, see how many logins and queries the user has at once.',
  },
  SNOWFLAKE_UNUSABLE: {
    status: 422,
    says: 'What answers at the address of the Snowflake account is not that account.',
    remedy:
      'The message says what it is instead: a name that nobody has, a proxy, a certificate of somebody else. Compare snowflake.account in access.yml with what SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME() shows, a hyphen between the two, and deploy.',
  },
  SNOWFLAKE_IDENTITY_UNUSABLE: {
    status: 422,
    says: 'The service cannot prove to Snowflake who it is.',
    remedy:
      'The message says what is missing. In Lambda credentials and region come with the execution role, in ECS with the task role; a token needs sts:GetWebIdentityToken, and a role to impersonate has to trust the one before.',
  },
  SNOWFLAKE_LOGIN_REFUSED: {
    status: 422,
    says: 'Snowflake refuses the login of the service.',
    remedy: 'The message has the cause and the statement that mends it. Run it as a security administrator.',
  },
  SNOWFLAKE_QUERY_REFUSED: {
    status: 422,
    says: 'The service logged in to Snowflake, and its query failed.',
    remedy: 'The message has the words of Snowflake.',
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
