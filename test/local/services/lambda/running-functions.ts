import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import {
  createLambdaRunner,
  type Invocation,
  type LambdaFunction,
  type LogEntry,
} from '../../../../local/services/lambda/index.ts'

/** A deployment package in a folder of its own, removed after the test. */
export const writePackage = (t: TestContext, files: Readonly<Record<string, string>>): string => {
  const directory = mkdtempSync(join(tmpdir(), 'snowgate-lambda-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text)
  }
  return directory
}

export const functionIn = (codeDirectory: string, given: Partial<LambdaFunction> = {}): LambdaFunction => ({
  name: 'hello',
  arn: 'arn:aws:lambda:eu-central-1:111111111111:function:hello',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  memorySize: 256,
  timeout: 10,
  environment: {},
  codeDirectory,
  ...given,
})

export const invocation = (event: unknown, given: Partial<Invocation> = {}): Invocation => ({
  payload: JSON.stringify(event),
  requestId: '0f1e2d3c-0000-4000-8000-000000000001',
  traceId: 'Root=1-67891233-abcdef012345678912345678',
  ...given,
})

/** A runner of these files as one function; stopped after the test. */
export const runFunction = (
  t: TestContext,
  files: Readonly<Record<string, string>>,
  given: Partial<LambdaFunction> & {
    readonly environmentsPerFunction?: number
    readonly now?: () => Date
    readonly expiration?: () => Date
  } = {},
) => {
  const { environmentsPerFunction, now = () => new Date(), expiration, ...declared } = given
  const fn = functionIn(writePackage(t, files), declared)
  const log: LogEntry[] = []
  let sessions = 0
  const runner = createLambdaRunner({
    functions: [fn],
    region: 'eu-central-1',
    credentialsFor: () => ({
      accessKeyId: `ASIAEXAMPLE${++sessions}`,
      secretAccessKey: 'example-secret',
      sessionToken: 'example-token',
      expiration: expiration?.() ?? new Date(now().getTime() + 3_600_000),
    }),
    endpointVariables: () => ({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }),
    log: (entry) => log.push(entry),
    now,
    ...(environmentsPerFunction !== undefined && { environmentsPerFunction }),
  })
  t.after(() => runner.stop())
  return {
    fn,
    log,
    runner,
    invoke: (event: unknown, given?: Partial<Invocation>) => runner.invoke(fn.name, invocation(event, given)),
  }
}
