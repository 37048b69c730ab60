export interface SqlParameter {
  readonly name: string
  readonly type: string
}

/** A Python function that calls the API itself, by way of external access. */
export interface PythonFunction {
  readonly name: string
  readonly parameters: readonly SqlParameter[]
  readonly returns: string
  /** For whoever lists the functions. */
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

/** What the routes are called in SQL; docs/functions.md tells what each takes. A new function is a row here. */
export const sqlFunctions: readonly SqlFunction[] = [
  {
    path: '/hello',
    external: {
      name: 'HELLO',
      signatures: [[], [name]],
      comment: 'Greets. Snowflake sends batches of rows; a row that fails has {"error": …} as its value.',
    },
    python: [
      {
        name: 'HELLO_UDF',
        parameters: [name],
        returns: 'VARCHAR',
        comment: 'Greets, with a request for each row; a row that fails, fails the query.',
        body: 'hello.py',
        handler: 'hello',
        packages: ['requests', 'aws-requests-auth'],
      },
      {
        name: 'HELLO_VECTORIZED',
        parameters: [name],
        returns: 'VARCHAR',
        comment: 'Greets, with a request for each batch of rows; a row that fails, fails the query.',
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
      comment: 'Sends a signed request to a target of the map: {"method", "path", "query", "headers", "body"}.',
    },
    python: [],
  },
  {
    path: '/snowflake-probe',
    external: {
      name: 'SNOWFLAKE_PROBE',
      signatures: [[]],
      comment: 'Has the service log in to Snowflake, and tells as whom and how fast; or why it cannot.',
    },
    python: [],
  },
]
