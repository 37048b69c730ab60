import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { SnowflakeError } from '../../../../local/snowflake/engine/snowflake-error.ts'
import { type RunningStack, runningStack } from '../../running-stack.ts'
import { allThree, faultsOnTheWay, greetings, hello, openSnowflake, tenThousand } from '../../ten-thousand-rows.ts'

let stack: RunningStack

before(async () => {
  stack = await runningStack()
})
after(() => stack.stop())

/** The batches whose work the functions report, as often as they report it. */
const processedBatches = (log: readonly string[]): readonly string[] =>
  log.flatMap((line) => /"status":200,"batch":"([^"]+)"/.exec(line)?.[1] ?? [])

test('ten thousand rows are greeted, in order', async () => {
  const { run } = await openSnowflake(stack, hello)
  const { rows, columns } = await run(tenThousand)
  assert.deepEqual(rows, greetings)
  assert.equal(columns.length, 1)
})

test('with one lambda killed, one 503 and one 429 on the way, each batch is worked once and the rows are right', async () => {
  const faults = faultsOnTheWay({ busy: 2, tooMany: 4, deadly: 6 })
  const { run, lines } = await openSnowflake(stack, hello, { transport: faults.transport })
  const before = stack.log.length
  const { rows } = await run(tenThousand)
  assert.deepEqual(rows, greetings)
  assert.deepEqual(faults.met.toSorted(), allThree)
  assert.equal(lines.length, 3, lines.join('\n'))

  const worked = processedBatches(stack.log.slice(before))
  assert.equal(worked.length, 10)
  assert.equal(new Set(worked).size, 10)
})

test('with the external id of another integration the query fails as Snowflake fails', async () => {
  const { run } = await openSnowflake(stack, hello, { externalId: 'ABC12345_SFCRole=2_another=' })
  await assert.rejects(run(`SELECT hello('Alice')`), (error: unknown) => {
    assert.ok(error instanceof SnowflakeError)
    assert.match(error.message, /Error assuming AWS_ROLE\. Please verify the role and externalId/)
    return true
  })
})
