export interface SqlParameter {
  readonly name: string
  readonly type: string
}

/** A Python function that calls the API itself, by way of external access. */
export interface PythonFunction {
  readonly name: string
  readonly parameters: readonly SqlParameter[]
  readonly returns: string
  /** Shown by SHOW FUNCTIONS. */
  readonly comment: string
  /** Its body, below `infra/snowflake/udf/`. */
  readonly body: string
  /** The function in the body that Snowflake calls. */
  readonly handler: string
  readonly packages: readonly string[]
}

export interface SqlFunction {
  /** What the functions post to. */
  readonly path: string
  /** The external function's name, and its signatures: as many as the row form of the service takes. */
  readonly external: {
    readonly name: string
    readonly signatures: readonly (readonly SqlParameter[])[]
    readonly comment: string
  }
  readonly python: readonly PythonFunction[]
}

const name: SqlParameter = { name: 'NAME', type: 'VARCHAR' }

/** What the routes are called in SQL; docs/functions.md has their parameters. A new function is a row here. */
export const sqlFunctions: readonly SqlFunction[] = [
  {
    path: '/hello',
    external: {
      name: 'HELLO',
      signatures: [[], [name]],
      comment: 'Returns a greeting. Snowflake sends rows in batches; a failed row returns {"error": …}.',
    },
    python: [
      {
        name: 'HELLO_UDF',
        parameters: [name],
        returns: 'VARCHAR',
        comment: 'Returns a greeting, one request per row; a failed row fails the query.',
        body: 'hello.py',
        handler: 'hello',
        packages: ['requests', 'aws-requests-auth'],
      },
      {
        name: 'HELLO_VECTORIZED',
        parameters: [name],
        returns: 'VARCHAR',
        comment: 'Returns a greeting, one request per batch of rows; a failed row fails the query.',
        body: 'hello_vectorized.py',
        handler: 'hello',
        packages: ['requests', 'aws-requests-auth', 'pandas'],
      },
    ],
  },
  {
    path: '/invoke',
    external: {
      name: 'INVOKE',
      signatures: [
        [
          { name: 'TARGET', type: 'VARCHAR' },
          { name: 'REQUEST', type: 'VARIANT' },
        ],
      ],
      comment: 'Sends a signed request to a target: {"method", "path", "query", "headers", "body"}.',
    },
    python: [],
  },
  {
    path: '/snowflake-probe',
    external: {
      name: 'SNOWFLAKE_PROBE',
      signatures: [[]],
      comment: 'Logs in to Snowflake and returns the user and the login time, or the reason for the failure.',
    },
    python: [],
  },
]
