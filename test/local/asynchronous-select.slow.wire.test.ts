import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSideEffectServer, startSlowHelloStack } from '../shared/batches/slow-hello-stack.ts'
import { allThree, faultsOnTheWay, greetings, openSnowflake } from './ten-thousand-rows.ts'

const slowHello = (apiUrl: string) =>
  `CREATE EXTERNAL FUNCTION slow_hello(name VARCHAR, url VARCHAR) RETURNS VARCHAR
    API_INTEGRATION = api AS '${apiUrl}/slow-hello';`

test('with one lambda killed, one 503 and one 429 on the asynchronous path, each row has its side effect once', async () => {
  const slow = await startSlowHelloStack()
  const effects = await startSideEffectServer()
  // The first request of the statement dies: no worker has begun yet whose rows would be processed twice.
  const faults = faultsOnTheWay({ deadly: 2, busy: 4, tooMany: 6 })
  const { run, lines } = await openSnowflake(slow, slowHello, { transport: faults.transport })
  const call = (name: string, count: number) =>
    run(`SELECT slow_hello(${name}, '${effects.url}') FROM TABLE(GENERATOR(ROWCOUNT => ${count}))`)
  await call(`'warm up'`, 1)

  const { rows } = await call(`'name ' || seq4()`, 10_000)
  assert.deepEqual(rows, greetings)
  assert.deepEqual(faults.met.toSorted(), allThree)
  assert.ok(
    lines.some((line) => line.includes(': 202; polling again')),
    'no batch was polled for',
  )
  const names = effects.requests.filter((name) => name !== 'warm up')
  assert.equal(names.length, 10_000)
  assert.equal(new Set(names).size, 10_000)
  effects.close()
  await slow.stop()
})
