import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { temporaryFolder } from '../infra/compile.ts'
import { newKeyPair } from '../local/snowflake/server/snowflake-test-server.ts'
import { type KeypairStack, kmsKeyArn, nextParameterName, startKeypairStack } from './keypair/keypair-stack.ts'

let keypairStack: KeypairStack
/** What must be in no output: passphrases, and lines of private keys. */
const secrets = new Set<string>()

before(async () => {
  keypairStack = await startKeypairStack()
})
after(() => keypairStack.stack.stop())

/** A secret as it is stored, remembered for the last test. */
const secretOf = async (name: string): Promise<string> => {
  const value = (await keypairStack.secret(name)) ?? assert.fail(`${name} is not there`)
  for (const line of value.split('\n').filter((one) => one !== '' && !one.startsWith('-----'))) secrets.add(line)
  return value
}

const put = (Name: string, Value: string, Type: 'String' | 'SecureString' = 'SecureString') =>
  keypairStack.ssm.send(new PutParameterCommand({ Name, Value, Type }))

const bits = ['--bits', '2048']

test('a 4096-bit key pair is created, stored and registered, and the official driver logs in with it', async () => {
  const { login, access } = await keypairStack.newLogin()
  const { code, stdout, stderr } = await keypairStack.keypair(access, '--run')
  assert.equal(code, 0, stderr)
  const passphrase = await secretOf(login.passphrase)
  const key = createPrivateKey({ key: await secretOf(login.privateKey), passphrase })
  assert.equal(key.asymmetricKeyDetails?.modulusLength, 4_096)
  assert.deepEqual(await keypairStack.fingerprints(login), [stdout.trim(), 'null'])
  assert.equal(
    stderr,
    `✓ store a passphrase as ${login.passphrase}
✓ create a 4096-bit RSA key
✓ store the private key as ${login.privateKey}
✓ set RSA_PUBLIC_KEY of "${login.user}" in Snowflake
DESC USER "${login.user}" shows ${stdout.trim()} as RSA_PUBLIC_KEY_FP.
`,
  )
  for (const Name of [login.privateKey, login.passphrase]) {
    const { Parameter } = await keypairStack.ssm.send(new GetParameterCommand({ Name }))
    assert.deepEqual([Parameter?.Type, Parameter?.Version], ['SecureString', 1])
  }
  await keypairStack.coldLogin(login)
})

test('without --run the statements are printed, as a script that snowgate sql runs', async () => {
  const { login, access } = await keypairStack.newLogin()
  const { code, stdout, stderr } = await keypairStack.keypair(access, ...bits)
  assert.equal(code, 0, stderr)
  const key = createPrivateKey({ key: await secretOf(login.privateKey), passphrase: await secretOf(login.passphrase) })
  const body = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  const [statement, remark, check, ...rest] = stdout.split('\n')
  assert.equal(statement, `ALTER USER "${login.user}" SET RSA_PUBLIC_KEY = '${body}';`)
  assert.match(remark ?? '', /^-- RSA_PUBLIC_KEY_FP must now be SHA256:[\w+/]{43}=:$/)
  assert.deepEqual([check, ...rest], [`DESC USER "${login.user}";`, ''])
  assert.deepEqual(await keypairStack.fingerprints(login), ['null', 'null'])
  await keypairStack.runSql(stdout)
  assert.ok(remark?.includes(String((await keypairStack.fingerprints(login))[0])))
  await keypairStack.coldLogin(login)
})

test('a second run stores and creates nothing, and prints the same', async () => {
  const { login, access } = await keypairStack.newLogin()
  const once = await keypairStack.keypair(access, ...bits)
  const stored = [await secretOf(login.privateKey), await secretOf(login.passphrase)]
  const twice = await keypairStack.keypair(access, ...bits)
  assert.deepEqual([twice.code, twice.stdout], [0, once.stdout])
  assert.match(twice.stderr, /already has a key\. No new key was created\./)
  assert.deepEqual([await keypairStack.secret(login.privateKey), await keypairStack.secret(login.passphrase)], stored)
  assert.equal((await keypairStack.keypair(access, '--run')).code, 0)
  const known = await keypairStack.keypair(access, '--run')
  assert.equal(known.code, 0)
  assert.match(known.stderr, /Registered in Snowflake as RSA_PUBLIC_KEY\./)
})

test('--json has everything but the secrets', async () => {
  const { login, access } = await keypairStack.newLogin()
  const { stdout } = await keypairStack.keypair(access, ...bits, '--json')
  await secretOf(login.privateKey)
  await secretOf(login.passphrase)
  const { fingerprint, publicKey, ...report } = JSON.parse(stdout)
  assert.deepEqual(report, {
    stage: 'dev',
    user: login.user,
    parameters: { privateKey: login.privateKey, passphrase: login.passphrase },
    dryRun: false,
    steps: [
      `store a passphrase as ${login.passphrase}`,
      'create a 2048-bit RSA key',
      `store the private key as ${login.privateKey}`,
    ],
    property: 'RSA_PUBLIC_KEY_FP',
    statements: [`ALTER USER "${login.user}" SET RSA_PUBLIC_KEY = '${publicKey}';`],
    files: [],
    next: null,
  })
  assert.match(fingerprint, /^SHA256:/)
  const rotated = JSON.parse((await keypairStack.keypair(access, ...bits, '--json', '--rotate')).stdout)
  await secretOf(nextParameterName(login))
  assert.match(rotated.next.command, /^snowgate keypair --stage dev --access \S+ --stack \S+ --rotate$/)
  assert.equal(rotated.next.notBefore, null)
})

test('--dry-run prints the steps and changes nothing, at each stage of a rotation', async () => {
  const { login, access } = await keypairStack.newLogin()
  const dryRunSteps = async (...flags: string[]) => {
    const before = [await keypairStack.stored(login), await keypairStack.fingerprints(login)]
    const { code, stdout, stderr } = await keypairStack.keypair(access, '--dry-run', ...flags)
    assert.deepEqual([code, stdout], [0, ''], stderr)
    assert.deepEqual([await keypairStack.stored(login), await keypairStack.fingerprints(login)], before)
    return stderr.split('\n').filter((line) => line.startsWith('- '))
  }
  const quoted = `"${login.user}"`
  const make = [
    `- store a passphrase as ${login.passphrase}`,
    '- create a 4096-bit RSA key',
    `- store the private key as ${login.privateKey}`,
  ]
  assert.deepEqual(await dryRunSteps(), [...make, `- print ALTER USER ${quoted} SET RSA_PUBLIC_KEY = '…';`])
  assert.deepEqual(await dryRunSteps('--run'), [...make, `- set RSA_PUBLIC_KEY of ${quoted} in Snowflake`])
  await keypairStack.keypair(access, ...bits, '--run')
  assert.deepEqual(await dryRunSteps('--run'), [])
  const wait = ['- create a 4096-bit RSA key', `- store the private key as ${nextParameterName(login)}`]
  assert.deepEqual(await dryRunSteps('--rotate'), [
    ...wait,
    `- print ALTER USER ${quoted} SET RSA_PUBLIC_KEY = '…' RSA_PUBLIC_KEY_2 = '…';`,
  ])
  assert.deepEqual(await dryRunSteps('--rotate', '--run'), [
    ...wait,
    `- set RSA_PUBLIC_KEY of ${quoted} in Snowflake to the next key, and RSA_PUBLIC_KEY_2 to the previous key`,
    `- replace the private key in ${login.privateKey}`,
    `- delete ${nextParameterName(login)}`,
  ])
  await keypairStack.keypair(access, ...bits, '--rotate', '--run')
  assert.deepEqual(await dryRunSteps('--finish', '--now', '--run'), [
    `- unset RSA_PUBLIC_KEY_2 of ${quoted} in Snowflake`,
  ])
})

test('--out writes files readable by their owner only, and overwrites none', async () => {
  const { login, access } = await keypairStack.newLogin()
  const folder = join(await temporaryFolder(), 'keys')
  const { code, stderr } = await keypairStack.keypair(access, ...bits, '--out', folder)
  assert.equal(code, 0, stderr)
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  assert.equal(await read('private-key.p8'), await secretOf(login.privateKey))
  assert.equal(await read('passphrase.txt'), await secretOf(login.passphrase))
  const key = createPrivateKey({ key: await read('private-key.p8'), passphrase: await read('passphrase.txt') })
  assert.ok(createPublicKey(await read('public-key.pub')).equals(createPublicKey(key)))
  for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)

  const another = await keypairStack.newLogin()
  const rejected = await keypairStack.keypair(another.access, ...bits, '--out', folder)
  assert.deepEqual([rejected.code, rejected.stdout], [1, ''])
  assert.match(rejected.stderr, /private-key\.p8 already exists\.\nPass another directory to --out/)
  assert.equal(await keypairStack.secret(another.login.privateKey), undefined)
})

test('a rotation resumes when the new key logs in, or with --registered', async () => {
  const { login, access } = await keypairStack.newLogin()
  await keypairStack.keypair(access, ...bits, '--run')
  const stored = await secretOf(login.privateKey)
  const early = await keypairStack.keypair(access, ...bits, '--rotate', '--registered')
  assert.equal(early.code, 1)
  assert.match(early.stderr, /No rotation is in progress/)
  const begun = await keypairStack.keypair(access, ...bits, '--rotate')
  const next = await secretOf(nextParameterName(login))
  const again = await keypairStack.keypair(access, ...bits, '--rotate')
  assert.deepEqual([again.code, again.stdout], [0, begun.stdout])
  assert.match(again.stderr, /Login with the next key failed\. 390144: JWT token is invalid/)
  assert.equal(await keypairStack.secret(login.privateKey), stored)

  assert.match((await keypairStack.keypair(access)).stderr, /A rotation is in progress.*\n.*--rotate/)
  assert.match((await keypairStack.keypair(access, '--finish')).stderr, /The rotation is not complete.*\n.*--rotate/)
  const registered = await keypairStack.keypair(access, '--rotate', '--registered')
  assert.equal(registered.code, 0, registered.stderr)
  assert.equal(await keypairStack.secret(login.privateKey), next)
  assert.equal(await keypairStack.secret(nextParameterName(login)), undefined)
})

test('--finish waits 15 minutes, and its script registers the stored key in any case', async () => {
  const { login, access } = await keypairStack.newLogin()
  await keypairStack.keypair(access, ...bits, '--run')
  assert.match((await keypairStack.keypair(access, '--finish')).stderr, /Nothing to remove/)
  await keypairStack.keypair(access, ...bits, '--rotate', '--run')
  await secretOf(login.privateKey)
  const early = await keypairStack.keypair(access, '--finish')
  assert.deepEqual([early.code, early.stdout], [1, ''])
  assert.match(early.stderr, /Functions may use the previous key until .* UTC\.\nWait 15 minutes\. .* --now/)
  const { code, stdout } = await keypairStack.keypair(access, '--finish', '--now')
  assert.equal(code, 0)
  // As Snowflake documents a manual rotation: the new key in RSA_PUBLIC_KEY_2, the old one in RSA_PUBLIC_KEY.
  const [next, old] = await keypairStack.fingerprints(login)
  const { current } = await keypairStack.stored(login)
  assert.ok(current && 'publicHalf' in current)
  await keypairStack.runSql(`ALTER USER ${login.user} UNSET RSA_PUBLIC_KEY`)
  await keypairStack.runSql(`ALTER USER ${login.user} SET RSA_PUBLIC_KEY_2 = '${current.publicHalf.body}'`)
  for (const statement of stdout.split('\n').filter((line) => line.startsWith('ALTER')))
    await keypairStack.runSql(statement)
  assert.notEqual(next, old)
  assert.deepEqual(await keypairStack.fingerprints(login), [next, 'null'])
  await keypairStack.coldLogin(login)
})

/** A key pair of another program. */
const foreign = newKeyPair()

test('keys of other programs stay registered', async () => {
  const { login, access } = await keypairStack.newLogin()
  await keypairStack.runSql(`ALTER USER ${login.user} SET RSA_PUBLIC_KEY = '${foreign.publicBody}'`)
  const second = await keypairStack.keypair(access, ...bits, '--run')
  assert.equal(second.code, 0, second.stderr)
  await secretOf(login.privateKey)
  assert.match(second.stderr, /✓ set RSA_PUBLIC_KEY_2 of .* shows SHA256:.* as RSA_PUBLIC_KEY_2_FP\.\n$/s)
  await Promise.all([keypairStack.coldLogin(login), keypairStack.logIn(login, foreign.privateKey)])

  const registeredKeys = await keypairStack.fingerprints(login)
  const rotation = await keypairStack.keypair(access, ...bits, '--rotate', '--run')
  assert.equal(rotation.code, 1)
  assert.match(rotation.stderr, /has another key as RSA_PUBLIC_KEY, SHA256:/)
  const end = await keypairStack.keypair(access, '--finish', '--run')
  assert.equal(end.code, 1)
  assert.match(end.stderr, /RSA_PUBLIC_KEY has SHA256:.*, which is not the previous stored key\. Nothing was changed/)
  assert.deepEqual(await keypairStack.fingerprints(login), registeredKeys)
  assert.equal(await keypairStack.secret(nextParameterName(login)), undefined)
})

test('a user with two other keys is not changed, and nothing is stored', async () => {
  const { login, access } = await keypairStack.newLogin()
  const keys = `RSA_PUBLIC_KEY = '${foreign.publicBody}' RSA_PUBLIC_KEY_2 = '${newKeyPair().publicBody}'`
  await keypairStack.runSql(`ALTER USER ${login.user} SET ${keys}`)
  const registeredKeys = await keypairStack.fingerprints(login)
  const { code, stderr } = await keypairStack.keypair(access, ...bits, '--run')
  assert.equal(code, 1)
  assert.match(
    stderr,
    /has two other keys, SHA256:.* and SHA256:.*\. Nothing was changed\.\n.* UNSET RSA_PUBLIC_KEY_2;/,
  )
  assert.deepEqual(await keypairStack.fingerprints(login), registeredKeys)
  assert.equal(await keypairStack.secret(login.passphrase), undefined)
})

test('a pair under other parameter names takes the free property, so that a deployment can change both parameters at once', async () => {
  const { login, access } = await keypairStack.newLogin()
  await keypairStack.keypair(access, ...bits, '--run')
  const renamed = await keypairStack.newLogin({ of: login })
  assert.equal((await keypairStack.keypair(renamed.access, ...bits, '--run')).code, 0)
  await Promise.all([secretOf(login.passphrase), secretOf(renamed.login.passphrase)])
  assert.notEqual(await keypairStack.secret(login.passphrase), await keypairStack.secret(renamed.login.passphrase))
  await Promise.all([keypairStack.coldLogin(login), keypairStack.coldLogin(renamed.login)])
})

interface Stored {
  readonly privateKey?: string
  readonly passphrase?: string
  readonly next?: string
}

/** The stored parameters, the flags, and the message. */
const unusable: readonly (readonly [what: string, stored: Stored, flags: readonly string[], message: RegExp])[] = [
  [
    'no key',
    { privateKey: 'x', passphrase: 'y' },
    [],
    /is not usable\. PRIVATE_KEY_UNUSABLE: .*\nFix it, or replace it .*--rotate/,
  ],
  ['no passphrase', { privateKey: 'x' }, [], /is not usable\. PRIVATE_KEY_UNUSABLE/],
  ['nothing to rotate', {}, ['--rotate'], /No key to replace: .*\nCreate the first key/],
  ['nothing to finish', {}, ['--finish'], /does not exist\.\nCreate a key pair/],
  [
    'a passphrase with a line break',
    { passphrase: 'secret\n' },
    [],
    /The stored passphrase contains a space, a line break .*\nUse two other parameters/,
  ],
  [
    'no next key',
    { privateKey: 'x', passphrase: 'y', next: 'z' },
    ['--rotate'],
    /has no usable key\. PRIVATE_KEY_UNUSABLE.*\n.*delete-parameter --name/,
  ],
]

test('an unusable parameter is reported and not changed', async (t) => {
  for (const [what, stored, flags, message] of unusable) {
    await t.test(what, async () => {
      const { login, access } = await keypairStack.newLogin()
      const names = { privateKey: login.privateKey, passphrase: login.passphrase, next: nextParameterName(login) }
      const values = () => Promise.all(Object.values(names).map(keypairStack.secret))
      for (const [part, value] of Object.entries(stored)) await put(names[part as keyof Stored], value)
      const before = await values()
      const { code, stdout, stderr } = await keypairStack.keypair(access, ...bits, ...flags)
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, message)
      assert.deepEqual(await values(), before)
    })
  }
})

test('--rotate replaces an unusable key and creates a missing passphrase, and the service can log in', async () => {
  for (const stored of [{ privateKey: 'damaged', passphrase: 'y' }, { privateKey: 'damaged' }]) {
    const { login, access } = await keypairStack.newLogin()
    await put(login.privateKey, stored.privateKey)
    if (stored.passphrase !== undefined) await put(login.passphrase, stored.passphrase)
    const { code, stderr } = await keypairStack.keypair(access, ...bits, '--rotate', '--run')
    assert.equal(code, 0, stderr)
    await secretOf(login.privateKey)
    await keypairStack.coldLogin(login)
  }
})

test('an unencrypted key, created manually, is rotated without a gap', async () => {
  const { login, access } = await keypairStack.newLogin()
  const { privateKey, privatePem, publicBody } = newKeyPair()
  await put(login.privateKey, privatePem)
  await keypairStack.runSql(`ALTER USER ${login.user} SET RSA_PUBLIC_KEY_2 = '${publicBody}'`)
  const [, old] = await keypairStack.fingerprints(login)
  const rejected = await keypairStack.keypair(access, ...bits, '--run')
  assert.equal(rejected.code, 1)
  assert.match(rejected.stderr, /exists but \S+ does not\. The service needs both\.\n.*--rotate/)
  const { code, stdout, stderr } = await keypairStack.keypair(access, ...bits, '--rotate', '--run')
  assert.equal(code, 0, stderr)
  assert.deepEqual(await keypairStack.fingerprints(login), [stdout.trim(), old])
  await keypairStack.logIn(login, privateKey)
  await keypairStack.coldLogin(login)
})

test('a missing user is reported before anything is stored', async () => {
  const { login, access } = await keypairStack.newLogin({ name: 'NOBODY', exists: false })
  const { code, stderr } = await keypairStack.keypair(access, '--run')
  assert.equal(code, 1)
  assert.match(
    stderr,
    /002003: .*'NOBODY' does not exist or not authorized\.\nCreate the user first: CREATE USER "NOBODY"/s,
  )
  assert.equal(await keypairStack.secret(login.passphrase), undefined)
})

test('the KMS key of the map must exist', async () => {
  const { login, access } = await keypairStack.newLogin({ more: `, kmsKeyArn: ${kmsKeyArn}` })
  const { code, stderr } = await keypairStack.keypair(access, ...bits, '--run')
  assert.equal(code, 0, stderr)
  await secretOf(login.privateKey)
  await keypairStack.coldLogin(login)
  const unknown = await keypairStack.newLogin({ more: `, kmsKeyArn: ${kmsKeyArn.replace('1234abcd', 'ffffffff')}` })
  const rejected = await keypairStack.keypair(unknown.access, ...bits)
  assert.deepEqual([rejected.code, rejected.stdout], [4, ''])
  assert.match(rejected.stderr, /InvalidKeyId: .* is not found\.\nCheck that kmsKeyArn in access\.yml/)
  assert.equal(await keypairStack.secret(unknown.login.passphrase), undefined)
})

test('--aws uses the account of the profile, in its region, at AWS_ENDPOINT_URL', async () => {
  const { login, access } = await keypairStack.newLogin()
  const { accessKeyId, secretAccessKey } = await keypairStack.stack.identity('admin')
  const folder = await temporaryFolder()
  const config = join(folder, 'config')
  await writeFile(
    config,
    `[profile work]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  )
  const atAws = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    keypairStack.keypairWith(
      { AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL: keypairStack.stack.url, ...env },
      access,
      ...args,
    )
  const profile = ['--aws', '--profile', 'work']
  const noRegion = await atAws(profile)
  assert.equal(noRegion.code, 2)
  assert.match(noRegion.stderr, /Cannot determine the region of the deployment\.\nPass --region, or set AWS_REGION/)
  const { code, stderr } = await atAws([...profile, ...bits, '--region', 'eu-central-1'])
  assert.equal(code, 0, stderr)
  await secretOf(login.privateKey)

  const withoutKeys = await atAws(['--aws', '--region', 'eu-central-1'])
  assert.equal(withoutKeys.code, 1)
  assert.match(withoutKeys.stderr, /No AWS credentials found: .*\nPass --profile <name>, or set/)
  const { accessKeyId: id, secretAccessKey: secret } = await keypairStack.stack.identity('stranger')
  const stranger = await atAws(['--aws', '--region', 'eu-central-1'], {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
  })
  assert.deepEqual([stranger.code, stranger.stdout], [4, ''])
  assert.match(
    stranger.stderr,
    /AccessDeniedException: .*ssm:GetParameter.*\nThe credentials need these permissions:\n\[/,
  )
})

test('with --aws --run the statements run in the account of a connection of snow', async () => {
  const { login, access } = await keypairStack.newLogin()
  const { accessKeyId, secretAccessKey } = await keypairStack.stack.identity('admin')
  const home = await temporaryFolder()
  const { privatePem, publicBody } = newKeyPair()
  await writeFile(join(home, 'key.p8'), privatePem, { mode: 0o600 })
  const { hostname, port } = new URL(keypairStack.stack.url)
  await writeFile(
    join(home, 'connections.toml'),
    `[work]\naccount = "abc12345"\nhost = "${hostname}"\nport = ${port}\nprotocol = "http"\nuser = "KEY_MAKER"\nrole = "SECURITYADMIN"
authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "${join(home, 'key.p8')}"\n`,
    { mode: 0o600 },
  )
  await keypairStack.connection.run(`CREATE USER key_maker TYPE = SERVICE RSA_PUBLIC_KEY = '${publicBody}';
    GRANT ROLE securityadmin TO USER key_maker;`)
  const { code, stdout, stderr } = await keypairStack.keypairWith(
    {
      SNOWFLAKE_HOME: home,
      NO_PROXY: '127.0.0.1',
      AWS_ENDPOINT_URL: keypairStack.stack.url,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: 'eu-central-1',
    },
    access,
    ...bits,
    '--aws',
    '--run',
    '--connection',
    'work',
  )
  assert.equal(code, 0, stderr)
  assert.match(stderr, /^Logging in to Snowflake with connection work \(KEY_MAKER, account abc12345\) …\n/)
  await secretOf(login.privateKey)
  assert.deepEqual(await keypairStack.fingerprints(login), [stdout.trim(), 'null'])
  await keypairStack.coldLogin(login)
})

const wrong: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
  [['--rotate', '--finish'], 2, /--rotate and --finish cannot be combined\./],
  [['--registered'], 2, /--registered requires --rotate/],
  [['--rotate', '--registered', '--run'], 2, /--registered and --run cannot be combined\./],
  [['--now'], 2, /--now requires --finish or --rotate/],
  [['--finish', '--out', 'x'], 2, /--out cannot be combined with --finish/],
  [['--profile', 'work'], 2, /--profile and --region require --aws\./],
  [['--region', 'eu-central-1'], 2, /--profile and --region require --aws\./],
  [['--run', '--connection', 'work'], 2, /--connection requires --aws and --run\.\nIt selects/],
  [['--aws', '--connection', 'work'], 2, /--connection requires --aws and --run\./],
  [['--bits', '1024'], 2, /Allowed choices are 2048, 3072, 4096/],
  [['--stage', 'nowhere'], 1, /has no stage "nowhere"/],
]

test('contradicting flags are rejected', async () => {
  const { access } = await keypairStack.newLogin()
  await Promise.all(
    wrong.map(async ([args, code, message]) => {
      const ended = await keypairStack.keypair(access, ...args)
      assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr)
      assert.match(ended.stderr, message)
    }),
  )
})

const maps: readonly (readonly [what: string, stage: string, code: number, message: RegExp])[] = [
  [
    'no snowflake',
    'dev: { callers: { one: { routes: [POST /hello] } } }',
    1,
    /has no Snowflake login\.\nAdd a snowflake section/,
  ],
  [
    'workload identity',
    'dev: { callers: { one: { routes: [POST /hello] } }, snowflake: { account: a-b, login: workload-identity } }',
    1,
    /logs in with workload-identity, which uses no key pair\.\n.*login: key-pair/,
  ],
  [
    'a stage that the stack does not run',
    'stg: { callers: { one: { routes: [POST /hello] } }, snowflake: { account: a-b, login: key-pair } }',
    2,
    /The local stack runs stage dev, not stg/,
  ],
]

test('a stage without a key pair, or that does not run, is rejected', async () => {
  const folder = await temporaryFolder()
  for (const [what, text, code, message] of maps) {
    const access = join(folder, 'map.yml')
    await writeFile(access, text)
    const ended = await keypairStack.keypair(access, '--stage', text.slice(0, 3))
    assert.deepEqual([ended.code, ended.stdout], [code, ''], what)
    assert.match(ended.stderr, message)
  }
})

test('without a stack, the command that starts it is printed', async () => {
  const { access } = await keypairStack.newLogin()
  const { code, stderr } = await keypairStack.keypair(access, '--stack', 'http://127.0.0.1:9')
  assert.equal(code, 1)
  assert.match(
    stderr,
    /Cannot connect to the local stack at http:\/\/127\.0\.0\.1:9\.\nStart it with: npx snowgate start/,
  )
})

test('no output of these commands contains a key or a passphrase', () => {
  assert.ok(secrets.size > 100 && keypairStack.outputs.length > 100, `${secrets.size} ${keypairStack.outputs.length}`)
  const allOutput = keypairStack.outputs.join('\n')
  assert.ok(!allOutput.includes('BEGIN ENCRYPTED PRIVATE KEY'))
  for (const secret of secrets) assert.ok(!allOutput.includes(secret))
})
