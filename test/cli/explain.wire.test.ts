import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { causes } from '../../shared/diagnoses/index.ts'
import { runSnowgate } from './run-snowgate.ts'

let folder = ''

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explain-'))
})
after(() => rm(folder, { recursive: true }))

const denied =
  'User: arn:aws:sts::222222222222:assumed-role/LambdaRoleDeve/nightly is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/snowgate-dev-analytics with an explicit deny in the role trust policy'

test('an error given as an argument is explained on standard output', async () => {
  const { code, stdout, stderr } = await runSnowgate(['explain', denied])
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  assert.match(stdout, /^STS: The role’s trust policy denies it explicitly, as a pending caller role does\.$/m)
  assert.match(stdout, /^ {2}1\. The caller role is pending: .* \[caller-pending\]$/m)
  assert.match(stdout, /^ {5}How to check: aws iam get-role --role-name snowgate-dev-analytics /m)
  assert.match(stdout, /^ {5}Fix: .*npx snowgate deploy --stage dev\.$/m)
  assert.match(stdout, /^ {2}Source: https:\/\/docs\.aws\.amazon\.com\//m)
})

test('an error in several arguments is one text', async () => {
  const { code, stdout } = await runSnowgate(['explain', ...denied.split(' ')])
  assert.equal(code, 0)
  assert.match(stdout, /\[caller-pending\]/)
})

test('an error is read from standard input', async () => {
  const { code, stdout } = await runSnowgate(['explain'], { stdin: '{"message":"Forbidden"}\n' })
  assert.equal(code, 0)
  assert.match(stdout, /\[api-key-required\]/)
})

test('an error is read from a file', async () => {
  const file = join(folder, 'error.txt')
  await writeFile(file, `\uFEFF{"message":"Forbidden"}`)
  const { code, stdout } = await runSnowgate(['explain', '--file', file])
  assert.equal(code, 0)
  assert.match(stdout, /\[api-key-required\]/)
})

test('--json is for programs', async () => {
  const { code, stdout } = await runSnowgate(['explain', '--json', '{"message":"Forbidden"}'])
  const { explained } = JSON.parse(stdout)
  assert.equal(code, 0)
  assert.deepEqual(
    explained.map(({ system, causes }: { system: string; causes: { id: string }[] }) => [
      system,
      causes.map(({ id }) => id),
    ]),
    [['API Gateway', ['api-key-required', 'waf-blocks']]],
  )
})

for (const input of ['nobody has written this down', '', '\0\u0001\uFFFD'.repeat(100)]) {
  test(`${JSON.stringify(input).slice(0, 40)} is unknown, with its own exit code and the next command`, async () => {
    const { code, stdout, stderr } = await runSnowgate(['explain'], { stdin: input })
    assert.deepEqual({ code, stdout }, { code: 3, stdout: '' })
    assert.match(stderr, /^snowgate: Unknown error\.\nFind failures with: npx snowgate doctor/)
  })
}

test('--json prints an empty list for an unknown error', async () => {
  const { code, stdout } = await runSnowgate(['explain', '--json', 'nobody has written this down'])
  assert.deepEqual({ code, explained: JSON.parse(stdout) }, { code: 3, explained: { explained: [] } })
})

test('the id of a cause is explained, with the words that lead to it', async () => {
  const { code, stdout } = await runSnowgate(['explain', 'role-path-in-arn'])
  assert.equal(code, 0)
  assert.ok(stdout.startsWith(`role-path-in-arn: ${causes['role-path-in-arn'].summary}\n`))
  assert.match(stdout, /^ {4}Snowflake login: Unable to find an associated Snowflake user/m)
})

test('several ids are explained in order, and as a list with --json', async () => {
  const ids = ['user-missing', 'role-path-in-arn']
  const { stdout } = await runSnowgate(['explain', ...ids])
  assert.deepEqual(
    [...stdout.matchAll(/^([a-z-]+): /gm)].map(([, id]) => id),
    ids,
  )
  const { causes: explained } = JSON.parse((await runSnowgate(['explain', '--json', ...ids])).stdout)
  assert.deepEqual(
    explained.map(({ id, summary }: { id: string; summary: string }) => [id, summary]),
    ids.map((id) => [id, causes[id as keyof typeof causes].summary]),
  )
})

test('--list has every cause on a line', async () => {
  const { code, stdout } = await runSnowgate(['explain', '--list'])
  assert.equal(code, 0)
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]),
    Object.keys(causes),
  )
})

test('--list --json has every cause with all its texts', async () => {
  const { stdout } = await runSnowgate(['explain', '--list', '--json'])
  assert.deepEqual(JSON.parse(stdout), causes)
})

test('a file that cannot be read, and a text twice, are wrong usage', async () => {
  const unreadable = await runSnowgate(['explain', '-f', join(folder, 'nothing')])
  assert.deepEqual(
    { code: unreadable.code, stderr: unreadable.stderr },
    { code: 2, stderr: `snowgate: Cannot read ${join(folder, 'nothing')}.\n` },
  )
  const twice = await runSnowgate(['explain', 'text', '-f', '-'])
  assert.deepEqual(
    { code: twice.code, stderr: twice.stderr },
    { code: 2, stderr: 'snowgate: A text argument and --file cannot be combined.\n' },
  )
})

test('the session token in a rejected signature is not printed', async () => {
  const token = `FwoGZXIvYXdzE${'Ab1/'.repeat(40)}==`
  const input = `{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.\\n\\nThe Canonical String for this request should have been\\n'POST\\n/dev/hello\\n\\nhost:abc.execute-api.eu-central-1.amazonaws.com\\nx-amz-security-token:${token}'"}`
  const { code, stdout, stderr } = await runSnowgate(['explain'], { stdin: input })
  assert.equal(code, 0)
  assert.ok(!`${stdout}${stderr}`.includes(token.slice(0, 20)))
})
