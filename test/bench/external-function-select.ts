import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compile, temporaryFolder } from '../infra/compile.ts'
import type { StackIdentity } from '../local/running-stack.ts'
import { type Measurement, median, spread } from './measurement.ts'
import { startStackProcess } from './stack-process.ts'

const rows = 10_000
const repeats = 7

/** An account other than the local one gets the external ids of the access map, for any integration name. */
const map = `dev:
  callers:
    snowflake:
      iamUserArn: arn:aws:iam::999999999999:user/bench-s-example
      externalIds: [BENCH_SFCRole=1_example=]
      routes: [POST /hello]
`

/** Rows through SELECT hello(name): the local Snowflake, STS, gateway and function, and back. */
export const benchSelect = async (): Promise<Measurement[]> => {
  const accessMap = join(await temporaryFolder(), 'access.yml')
  await writeFile(accessMap, map)
  const stack = await startStackProcess(await compile({ accessMap }), accessMap)
  const get = async (path: string): Promise<unknown> => (await fetch(`${stack.url}/_snowgate/${path}`)).json()
  const { callerRoleArn } = (await get('identities/snowflake')) as StackIdentity // the stack's own response
  const { apiUrl } = (await get('service')) as { apiUrl: string }
  const session = randomUUID()
  const run = async (sql: string): Promise<{ results: { rows: unknown[] }[] }> => {
    const body = JSON.stringify({ session, sql })
    const response = await fetch(`${stack.url}/_snowgate/statements`, { method: 'POST', body })
    const result = (await response.json()) as { results: { rows: unknown[] }[]; failure?: unknown }
    if (result.failure) throw new Error(JSON.stringify(result.failure))
    return result
  }
  await run(`CREATE API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = '${callerRoleArn}'
      API_ALLOWED_PREFIXES = ('${apiUrl}/') ENABLED = TRUE;
    CREATE EXTERNAL FUNCTION hello(name VARCHAR) RETURNS VARCHAR API_INTEGRATION = api AS '${apiUrl}/hello';`)
  const called = `SELECT hello('name ' || seq4()) FROM TABLE(GENERATOR(ROWCOUNT => ${rows}))`
  const bare = `SELECT 'Hello, ' || 'name ' || seq4() FROM TABLE(GENERATOR(ROWCOUNT => ${rows}))`
  const time = async (sql: string): Promise<number> => {
    const before = performance.now()
    const { results } = await run(sql)
    if (results[0]?.rows.length !== rows) throw new Error('rows are missing')
    return performance.now() - before
  }
  await time(called) // warms up the function's environments
  const external: number[] = []
  const inside: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    external.push(await time(called))
    inside.push(await time(bare))
  }
  await stack.stop()
  const perSecond = external.map((milliseconds) => (1_000 * rows) / milliseconds)
  return [
    {
      name: `rows through SELECT hello(name), ${rows.toLocaleString('en')} in one statement`,
      measured: `${median(perSecond).toFixed(0)}/s (${spread(perSecond)})`,
      comparison: `${(median(external) / median(inside)).toFixed(1)} × the same SELECT without the call`,
      budget: '',
    },
  ]
}
