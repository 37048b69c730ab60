import assert from 'node:assert/strict'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { temporaryFolder } from '../../infra/compile.ts'
import { serviceMap } from '../../service-map.ts'
import { type RunningStack, runningStack } from '../running-stack.ts'

/** `POST` and `DELETE /_snowgate/fault`, beyond what the table of faults shows. */

let stack: RunningStack
let accessMap: string
before(async () => {
  accessMap = join(await temporaryFolder(), 'access.yml')
  await copyFile(serviceMap, accessMap)
  stack = await runningStack({ accessMap })
})
after(() => stack.stop())

const inject = async (body: object) => {
  const { status, body: response } = await stack.send({ path: '/_snowgate/fault', body: JSON.stringify(body) })
  return { status, code: JSON.parse(response).error?.code }
}
const withdraw = async () => (await stack.send({ method: 'DELETE', path: '/_snowgate/fault' })).status

/** In minutes, whole. */
const clockSkew = async () => {
  const { headers } = await stack.send({ method: 'GET', path: '/_snowgate/service' })
  return Math.round(Math.abs(Date.parse(headers.date ?? '') - Date.now()) / 60_000)
}
const adminKey = async () => (await stack.identity('admin')).accessKeyId
const unknownKey = 'AKIAIOSFODNN7EXAMPLE'

test('without a fault there is nothing to withdraw', async () => {
  const key = await adminKey()
  assert.equal(await withdraw(), 200)
  assert.equal(await adminKey(), key)
})

test('injecting another fault withdraws the first', async () => {
  assert.deepEqual(await inject({ name: 'clock-skewed' }), { status: 200, code: undefined })
  assert.equal(await clockSkew(), 20)
  assert.deepEqual(await inject({ name: 'credentials-unknown' }), { status: 200, code: undefined })
  assert.equal(await clockSkew(), 0)
  assert.equal(await adminKey(), unknownKey)
  assert.equal(await withdraw(), 200)
  assert.notEqual(await adminKey(), unknownKey)
})

test('a fault that is not known, or has nothing to be of, changes nothing', async () => {
  const before = await stack.describe()
  assert.deepEqual(await inject({ name: 'no-such-fault' }), { status: 404, code: 'NO_SUCH_FAULT' })
  assert.deepEqual(await inject({ fault: 'clock-skewed' }), { status: 400, code: 'INVALID_REQUEST' })
  assert.deepEqual(await stack.describe(), before)
})

test('a deployment made since goes, and the access map is written back when requested', async () => {
  const before = await stack.describe()
  const map = await readFile(accessMap, 'utf8')
  for (const restoreAccessMap of [true, false]) {
    await inject({ name: 'policy-missing', restoreAccessMap })
    const other = join(await temporaryFolder(), 'access.yml')
    await copyFile(serviceMap, other)
    assert.equal((await stack.postDeploy({ packageDirectory: before.packageDirectory, accessMap: other })).status, 200)
    assert.equal((await stack.describe()).accessMap, other)
    await writeFile(accessMap, `${map}# edited\n`)
    assert.equal(await withdraw(), 200)
    assert.deepEqual(await stack.describe(), before)
    assert.equal(await readFile(accessMap, 'utf8'), restoreAccessMap ? map : `${map}# edited\n`)
  }
})
