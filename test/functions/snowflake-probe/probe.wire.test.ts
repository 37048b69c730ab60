import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serviceUser, startServed } from '../../local/snowflake-server/served.ts'
import { ask, keys, keyVariables, roleVariables, variables } from './probing.ts'

const set = `${serviceUser('probe', 'probe-role')} CREATE ROLE analyst; GRANT ROLE analyst TO USER probe;
  ALTER USER probe SET DEFAULT_ROLE = analyst DEFAULT_WAREHOUSE = wh RSA_PUBLIC_KEY = '${keys.publicBody}';`

for (const { by, env, presented } of [
  { by: 'workload-identity', env: (served: Parameters<typeof roleVariables>[0]) => roleVariables(served, 'probe-role'), presented: null },
  { by: 'key-pair', env: () => keyVariables(), presented: /^PROBE with the key SHA256:/ },
]) {
  test(`by ${by} the probe logs in, and tells who and where it is`, async () => {
    await using served = await startServed({ sql: set })
    const answer = (await ask(variables(served, { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', ...env(served) }))) as Record<string, unknown>
    console.log(answer, served.paths)
  })
}
