import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { temporaryFolder } from '../infra/compile.ts'
import { newKeyPair } from '../local/snowflake-server/served.ts'
import { type KeypairWorld, kmsKeyArn, nextOf, startKeypairWorld } from './keypair/keypair-world.ts'

let world: KeypairWorld
/** What must be in no output: passphrases, and lines of private keys. */
const secrets = new Set<string>()

before(async () => {
  world = await startKeypairWorld()
})
after(() => world.stack.stop())

/** A secret as it is stored, remembered for the last test. */
const secretOf = async (name: string): Promise<string> => {
  const value = (await world.secret(name)) ?? assert.fail(`${name} is not there`)
  for (const line of value.split('\n').filter((one) => one !== '' && !one.startsWith('-----'))) secrets.add(line)
  return value
}

const put = (Name: string, Value: string, Type: 'String' | 'SecureString' = 'SecureString') =>
  world.ssm.send(new PutParameterCommand({ Name, Value, Type }))

const bits = ['--bits', '2048']

test('a first pair of 4096 bits is made, stored, registered, and the official driver logs in with it', async () => {
  const { login, access } = await world.newLogin()
  const { code, stdout, stderr } = await world.keypair(access, '--run')
  assert.equal(code, 0, stderr)
  const passphrase = await secretOf(login.passphrase)
  const key = createPrivateKey({ key: await secretOf(login.privateKey), passphrase })
  assert.equal(key.asymmetricKeyDetails?.modulusLength, 4_096)
  assert.deepEqual(await world.fingerprints(login), [stdout.trim(), 'null'])
  assert.equal(
    stderr,
    `✓ store a passphrase as ${login.passphrase}
✓ make an RSA key of 4096 bits
✓ store the private key as ${login.privateKey}
✓ set RSA_PUBLIC_KEY of "${login.user}" in Snowflake
DESC USER "${login.user}" shows ${stdout.trim()} as RSA_PUBLIC_KEY_FP.
`,
  )
  for (const Name of [login.privateKey, login.passphrase]) {
    const { Parameter } = await world.ssm.send(new GetParameterCommand({ Name }))
    assert.deepEqual([Parameter?.Type, Parameter?.Version], ['SecureString', 1])
  }
  await world.coldLogin(login)
})

test('without --run the statements are printed, as a script that snowgate sql runs', async () => {
  const { login, access } = await world.newLogin()
  const { code, stdout, stderr } = await world.keypair(access, ...bits)
  assert.equal(code, 0, stderr)
  const key = createPrivateKey({ key: await secretOf(login.privateKey), passphrase: await secretOf(login.passphrase) })
  const body = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
  const [statement, remark, check, ...rest] = stdout.split('\n')
  assert.equal(statement, `ALTER USER "${login.user}" SET RSA_PUBLIC_KEY = '${body}';`)
  assert.match(remark ?? '', /^-- RSA_PUBLIC_KEY_FP must now be SHA256:[\w+/]{43}= now:$/)
  assert.deepEqual([check, ...rest], [`DESC USER "${login.user}";`, ''])
  assert.deepEqual(await world.fingerprints(login), ['null', 'null'])
  await world.runSql(stdout)
  assert.ok(remark?.includes(String((await world.fingerprints(login))[0])))
  await world.coldLogin(login)
})

test('given again, it stores nothing and makes nothing, and tells the same', async () => {
  const { login, access } = await world.newLogin()
  const once = await world.keypair(access, ...bits)
  const stored = [await secretOf(login.privateKey), await secretOf(login.passphrase)]
  const twice = await world.keypair(access, ...bits)
  assert.deepEqual([twice.code, twice.stdout], [0, once.stdout])
  assert.match(twice.stderr, /already has a key\. No new key was created\./)
  assert.deepEqual([await world.secret(login.privateKey), await world.secret(login.passphrase)], stored)
  assert.equal((await world.keypair(access, '--run')).code, 0)
  const known = await world.keypair(access, '--run')
  assert.equal(known.code, 0)
  assert.match(known.stderr, /Registered in Snowflake as RSA_PUBLIC_KEY\./)
})

test('--json tells a program everything but the secrets', async () => {
  const { login, access } = await world.newLogin()
  const { stdout } = await world.keypair(access, ...bits, '--json')
  await secretOf(login.privateKey)
  await secretOf(login.passphrase)
  const { fingerprint, publicKey, ...told } = JSON.parse(stdout)
  assert.deepEqual(told, {
    stage: 'dev',
    user: login.user,
    parameters: { privateKey: login.privateKey, passphrase: login.passphrase },
    dryRun: false,
    steps: [
      `store a passphrase as ${login.passphrase}`,
      'make an RSA key of 2048 bits',
      `store the private key as ${login.privateKey}`,
    ],
    shownAs: 'RSA_PUBLIC_KEY_FP',
    statements: [`ALTER USER "${login.user}" SET RSA_PUBLIC_KEY = '${publicKey}';`],
    files: [],
    next: null,
  })
  assert.match(fingerprint, /^SHA256:/)
  const rotated = JSON.parse((await world.keypair(access, ...bits, '--json', '--rotate')).stdout)
  await secretOf(nextOf(login))
  assert.match(rotated.next.command, /^snowgate keypair --stage dev --access \S+ --stack \S+ --rotate$/)
  assert.equal(rotated.next.notBefore, null)
})

test('--dry-run tells the steps and changes nothing, at each point of a key’s life', async () => {
  const { login, access } = await world.newLogin()
  const told = async (...flags: string[]) => {
    const before = [await world.stored(login), await world.fingerprints(login)]
    const { code, stdout, stderr } = await world.keypair(access, '--dry-run', ...flags)
    assert.deepEqual([code, stdout], [0, ''], stderr)
    assert.deepEqual([await world.stored(login), await world.fingerprints(login)], before)
    return stderr.split('\n').filter((line) => line.startsWith('- '))
  }
  const quoted = `"${login.user}"`
  const make = [
    `- store a passphrase as ${login.passphrase}`,
    '- make an RSA key of 4096 bits',
    `- store the private key as ${login.privateKey}`,
  ]
  assert.deepEqual(await told(), [...make, `- print ALTER USER ${quoted} SET RSA_PUBLIC_KEY = '…';`])
  assert.deepEqual(await told('--run'), [...make, `- set RSA_PUBLIC_KEY of ${quoted} in Snowflake`])
  await world.keypair(access, ...bits, '--run')
  assert.deepEqual(await told('--run'), [])
  const wait = ['- make an RSA key of 4096 bits', `- store the private key as ${nextOf(login)}`]
  assert.deepEqual(await told('--rotate'), [
    ...wait,
    `- print ALTER USER ${quoted} SET RSA_PUBLIC_KEY = '…' RSA_PUBLIC_KEY_2 = '…';`,
  ])
  assert.deepEqual(await told('--rotate', '--run'), [
    ...wait,
    `- set RSA_PUBLIC_KEY of ${quoted} in Snowflake to the next key, and RSA_PUBLIC_KEY_2 to the previous key`,
    `- replace the private key in ${login.privateKey}`,
    `- delete ${nextOf(login)}`,
  ])
  await world.keypair(access, ...bits, '--rotate', '--run')
  assert.deepEqual(await told('--finish', '--now', '--run'), [`- unset RSA_PUBLIC_KEY_2 of ${quoted} in Snowflake`])
})

test('--out writes files that their owner alone may read, and overwrites none', async () => {
  const { login, access } = await world.newLogin()
  const folder = join(await temporaryFolder(), 'keys')
  const { code, stderr } = await world.keypair(access, ...bits, '--out', folder)
  assert.equal(code, 0, stderr)
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  assert.equal(await read('private-key.p8'), await secretOf(login.privateKey))
  assert.equal(await read('passphrase.txt'), await secretOf(login.passphrase))
  const key = createPrivateKey({ key: await read('private-key.p8'), passphrase: await read('passphrase.txt') })
  assert.ok(createPublicKey(await read('public-key.pub')).equals(createPublicKey(key)))
  for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)

  const another = await world.newLogin()
  const refused = await world.keypair(another.access, ...bits, '--out', folder)
  assert.deepEqual([refused.code, refused.stdout], [1, ''])
  assert.match(refused.stderr, /private-key\.p8 already exists\.\nPass another directory to --out/)
  assert.equal(await world.secret(another.login.privateKey), undefined)
})

test('a rotation waits for the statement: it goes on when the new key logs in, or by the word of --registered', async () => {
  const { login, access } = await world.newLogin()
  await world.keypair(access, ...bits, '--run')
  const stored = await secretOf(login.privateKey)
  const early = await world.keypair(access, ...bits, '--rotate', '--registered')
  assert.equal(early.code, 1)
  assert.match(early.stderr, /No rotation is in progress/)
  const begun = await world.keypair(access, ...bits, '--rotate')
  const next = await secretOf(nextOf(login))
  const again = await world.keypair(access, ...bits, '--rotate')
  assert.deepEqual([again.code, again.stdout], [0, begun.stdout])
  assert.match(again.stderr, /Login with the next key failed\. 390144: JWT token is invalid/)
  assert.equal(await world.secret(login.privateKey), stored)

  assert.match((await world.keypair(access)).stderr, /A rotation is in progress.*\n.*--rotate/)
  assert.match((await world.keypair(access, '--finish')).stderr, /The rotation is not complete.*\n.*--rotate/)
  const byWord = await world.keypair(access, '--rotate', '--registered')
  assert.equal(byWord.code, 0, byWord.stderr)
  assert.equal(await world.secret(login.privateKey), next)
  assert.equal(await world.secret(nextOf(login)), undefined)
})

test('--finish waits a quarter of an hour, and its script has the stored key known whatever was known before', async () => {
  const { login, access } = await world.newLogin()
  await world.keypair(access, ...bits, '--run')
  assert.match((await world.keypair(access, '--finish')).stderr, /Nothing to remove/)
  await world.keypair(access, ...bits, '--rotate', '--run')
  await secretOf(login.privateKey)
  const early = await world.keypair(access, '--finish')
  assert.deepEqual([early.code, early.stdout], [1, ''])
  assert.match(early.stderr, /Functions may use the previous key until .* UTC\.\nWait 15 minutes\. .* --now/)
  const { code, stdout } = await world.keypair(access, '--finish', '--now')
  assert.equal(code, 0)
  // As Snowflake documents a rotation by hand: the new key in the second place, the old one in the first.
  const [next, old] = await world.fingerprints(login)
  const { current } = await world.stored(login)
  assert.ok(current && 'half' in current)
  await world.runSql(`ALTER USER ${login.user} UNSET RSA_PUBLIC_KEY`)
  await world.runSql(`ALTER USER ${login.user} SET RSA_PUBLIC_KEY_2 = '${current.half.body}'`)
  for (const statement of stdout.split('\n').filter((line) => line.startsWith('ALTER'))) await world.runSql(statement)
  assert.notEqual(next, old)
  assert.deepEqual(await world.fingerprints(login), [next, 'null'])
  await world.coldLogin(login)
})

/** Of somebody else. */
const foreign = newKeyPair()

test('keys of others keep their places', async () => {
  const { login, access } = await world.newLogin()
  await world.runSql(`ALTER USER ${login.user} SET RSA_PUBLIC_KEY = '${foreign.publicBody}'`)
  const second = await world.keypair(access, ...bits, '--run')
  assert.equal(second.code, 0, second.stderr)
  await secretOf(login.privateKey)
  assert.match(second.stderr, /✓ set RSA_PUBLIC_KEY_2 of .* shows SHA256:.* as RSA_PUBLIC_KEY_2_FP\.\n$/s)
  await Promise.all([world.coldLogin(login), world.logIn(login, foreign.privateKey)])

  const held = await world.fingerprints(login)
  const rotation = await world.keypair(access, ...bits, '--rotate', '--run')
  assert.equal(rotation.code, 1)
  assert.match(rotation.stderr, /has another key as RSA_PUBLIC_KEY, SHA256:/)
  const end = await world.keypair(access, '--finish', '--run')
  assert.equal(end.code, 1)
  assert.match(end.stderr, /RSA_PUBLIC_KEY has SHA256:.*, which is not the previous stored key\. Nothing was changed/)
  assert.deepEqual(await world.fingerprints(login), held)
  assert.equal(await world.secret(nextOf(login)), undefined)
})

test('a user with two other keys is left as it is, and nothing is stored', async () => {
  const { login, access } = await world.newLogin()
  const keys = `RSA_PUBLIC_KEY = '${foreign.publicBody}' RSA_PUBLIC_KEY_2 = '${newKeyPair().publicBody}'`
  await world.runSql(`ALTER USER ${login.user} SET ${keys}`)
  const held = await world.fingerprints(login)
  const { code, stderr } = await world.keypair(access, ...bits, '--run')
  assert.equal(code, 1)
  assert.match(
    stderr,
    /has two other keys, SHA256:.* and SHA256:.*\. Nothing was changed\.\n.* UNSET RSA_PUBLIC_KEY_2;/,
  )
  assert.deepEqual(await world.fingerprints(login), held)
  assert.equal(await world.secret(login.passphrase), undefined)
})

test('a pair under other names takes the free place, so that a deployment can change key and passphrase at once', async () => {
  const { login, access } = await world.newLogin()
  await world.keypair(access, ...bits, '--run')
  const renamed = await world.newLogin({ of: login })
  assert.equal((await world.keypair(renamed.access, ...bits, '--run')).code, 0)
  await Promise.all([secretOf(login.passphrase), secretOf(renamed.login.passphrase)])
  assert.notEqual(await world.secret(login.passphrase), await world.secret(renamed.login.passphrase))
  await Promise.all([world.coldLogin(login), world.coldLogin(renamed.login)])
})

interface Stored {
  readonly privateKey?: string
  readonly passphrase?: string
  readonly next?: string
}

/** What lies in the store, the flags, and what is said. */
const unusable: readonly (readonly [what: string, stored: Stored, flags: readonly string[], says: RegExp])[] = [
  [
    'no key',
    { privateKey: 'x', passphrase: 'y' },
    [],
    /is not usable\. PRIVATE_KEY_UNUSABLE: .*\nFix it, or replace it .*--rotate/,
  ],
  ['no passphrase', { privateKey: 'x' }, [], /could not use it/],
  ['nothing to rotate', {}, ['--rotate'], /There is no key to replace: .*\nMake the first one/],
  ['nothing to end', {}, ['--finish'], /does not exist\.\nCreate a key pair/],
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
    /has no key to go on with\. PRIVATE_KEY_UNUSABLE.*\n.*delete-parameter --name/,
  ],
]

test('what is in the store and cannot be used is told, and left as it is', async (t) => {
  for (const [what, stored, flags, says] of unusable) {
    await t.test(what, async () => {
      const { login, access } = await world.newLogin()
      const names = { privateKey: login.privateKey, passphrase: login.passphrase, next: nextOf(login) }
      const values = () => Promise.all(Object.values(names).map(world.secret))
      for (const [part, value] of Object.entries(stored)) await put(names[part as keyof Stored], value)
      const before = await values()
      const { code, stdout, stderr } = await world.keypair(access, ...bits, ...flags)
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, says)
      assert.deepEqual(await values(), before)
    })
  }
})

test('an unusable key is replaced by --rotate, a missing passphrase made, and the service can log in', async () => {
  for (const stored of [{ privateKey: 'damaged', passphrase: 'y' }, { privateKey: 'damaged' }]) {
    const { login, access } = await world.newLogin()
    await put(login.privateKey, stored.privateKey)
    if (stored.passphrase !== undefined) await put(login.passphrase, stored.passphrase)
    const { code, stderr } = await world.keypair(access, ...bits, '--rotate', '--run')
    assert.equal(code, 0, stderr)
    await secretOf(login.privateKey)
    await world.coldLogin(login)
  }
})

test('a key without encryption, as it was made by hand, is rotated without a gap', async () => {
  const { login, access } = await world.newLogin()
  const { privateKey, privatePem, publicBody } = newKeyPair()
  await put(login.privateKey, privatePem)
  await world.runSql(`ALTER USER ${login.user} SET RSA_PUBLIC_KEY_2 = '${publicBody}'`)
  const [, old] = await world.fingerprints(login)
  const refused = await world.keypair(access, ...bits, '--run')
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /exists but \S+ does not\. The service needs both\.\n.*--rotate/)
  const { code, stdout, stderr } = await world.keypair(access, ...bits, '--rotate', '--run')
  assert.equal(code, 0, stderr)
  assert.deepEqual(await world.fingerprints(login), [stdout.trim(), old])
  await world.logIn(login, privateKey)
  await world.coldLogin(login)
})

test('a user that is not there is told before anything is stored', async () => {
  const { login, access } = await world.newLogin({ name: 'NOBODY', exists: false })
  const { code, stderr } = await world.keypair(access, '--run')
  assert.equal(code, 1)
  assert.match(
    stderr,
    /002003: .*'NOBODY' does not exist or not authorized\.\nCreate the user first: CREATE USER "NOBODY"/s,
  )
  assert.equal(await world.secret(login.passphrase), undefined)
})

test('a key of KMS that the map names has to be there', async () => {
  const { login, access } = await world.newLogin({ more: `, kmsKeyArn: ${kmsKeyArn}` })
  const { code, stderr } = await world.keypair(access, ...bits, '--run')
  assert.equal(code, 0, stderr)
  await secretOf(login.privateKey)
  await world.coldLogin(login)
  const unknown = await world.newLogin({ more: `, kmsKeyArn: ${kmsKeyArn.replace('1234abcd', 'ffffffff')}` })
  const refused = await world.keypair(unknown.access, ...bits)
  assert.deepEqual([refused.code, refused.stdout], [4, ''])
  assert.match(refused.stderr, /InvalidKeyId: .* is not found\.\nCheck that kmsKeyArn in access\.yml/)
  assert.equal(await world.secret(unknown.login.passphrase), undefined)
})

test('with --aws the account of the profile is meant, in its region, at AWS_ENDPOINT_URL', async () => {
  const { login, access } = await world.newLogin()
  const { accessKeyId, secretAccessKey } = await world.stack.identity('admin')
  const folder = await temporaryFolder()
  const config = join(folder, 'config')
  await writeFile(
    config,
    `[profile work]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  )
  const atAws = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    world.keypairWith({ AWS_CONFIG_FILE: config, AWS_ENDPOINT_URL: world.stack.url, ...env }, access, ...args)
  const profile = ['--aws', '--profile', 'work']
  const noRegion = await atAws(profile)
  assert.equal(noRegion.code, 2)
  assert.match(noRegion.stderr, /Cannot determine the region of the deployment\.\nPass --region, or set AWS_REGION/)
  const { code, stderr } = await atAws([...profile, ...bits, '--region', 'eu-central-1'])
  assert.equal(code, 0, stderr)
  await secretOf(login.privateKey)

  const nobody = await atAws(['--aws', '--region', 'eu-central-1'])
  assert.equal(nobody.code, 1)
  assert.match(nobody.stderr, /No AWS credentials found: .*\nPass --profile <name>, or set/)
  const { accessKeyId: id, secretAccessKey: secret } = await world.stack.identity('stranger')
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
  const { login, access } = await world.newLogin()
  const { accessKeyId, secretAccessKey } = await world.stack.identity('admin')
  const home = await temporaryFolder()
  const { privatePem, publicBody } = newKeyPair()
  await writeFile(join(home, 'key.p8'), privatePem, { mode: 0o600 })
  const { hostname, port } = new URL(world.stack.url)
  await writeFile(
    join(home, 'connections.toml'),
    `[work]\naccount = "abc12345"\nhost = "${hostname}"\nport = ${port}\nprotocol = "http"\nuser = "KEY_MAKER"\nrole = "SECURITYADMIN"
authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "${join(home, 'key.p8')}"\n`,
    { mode: 0o600 },
  )
  await world.connection.run(`CREATE USER key_maker TYPE = SERVICE RSA_PUBLIC_KEY = '${publicBody}';
    GRANT ROLE securityadmin TO USER key_maker;`)
  const { code, stdout, stderr } = await world.keypairWith(
    {
      SNOWFLAKE_HOME: home,
      NO_PROXY: '127.0.0.1',
      AWS_ENDPOINT_URL: world.stack.url,
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
  assert.match(stderr, /^Logging in to Snowflake with the connection work: KEY_MAKER at abc12345 …\n/)
  await secretOf(login.privateKey)
  assert.deepEqual(await world.fingerprints(login), [stdout.trim(), 'null'])
  await world.coldLogin(login)
})

const wrong: readonly (readonly [args: readonly string[], code: number, says: RegExp])[] = [
  [['--rotate', '--finish'], 2, /two steps/],
  [['--registered'], 2, /--registered requires --rotate/],
  [['--rotate', '--registered', '--run'], 2, /--run runs it/],
  [['--now'], 2, /--now requires --finish or --rotate/],
  [['--finish', '--out', 'x'], 2, /--finish makes none/],
  [['--profile', 'work'], 2, /go with --aws/],
  [['--region', 'eu-central-1'], 2, /go with --aws/],
  [['--run', '--connection', 'work'], 2, /--connection requires --aws and --run\.\nIt says/],
  [['--aws', '--connection', 'work'], 2, /--connection requires --aws and --run\./],
  [['--bits', '1024'], 2, /Allowed choices are 2048, 3072, 4096/],
  [['--stage', 'nowhere'], 1, /has no stage "nowhere"/],
]

test('a command line that contradicts itself is refused', async () => {
  const { access } = await world.newLogin()
  await Promise.all(
    wrong.map(async ([args, code, says]) => {
      const ended = await world.keypair(access, ...args)
      assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr)
      assert.match(ended.stderr, says)
    }),
  )
})

const maps: readonly (readonly [what: string, stage: string, code: number, says: RegExp])[] = [
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
    /logs in with workload-identity, which takes no key\.\n.*login: key-pair/,
  ],
  [
    'another stage than the stack has',
    'stg: { callers: { one: { routes: [POST /hello] } }, snowflake: { account: a-b, login: key-pair } }',
    2,
    /The local stack runs stage dev, not stg/,
  ],
]

test('a stage that has no key pair, or is not the one that runs, is told', async () => {
  const folder = await temporaryFolder()
  for (const [what, text, code, says] of maps) {
    const access = join(folder, 'map.yml')
    await writeFile(access, text)
    const ended = await world.keypair(access, '--stage', text.slice(0, 3))
    assert.deepEqual([ended.code, ended.stdout], [code, ''], what)
    assert.match(ended.stderr, says)
  }
})

test('nobody listens: what starts the stack is told', async () => {
  const { access } = await world.newLogin()
  const { code, stderr } = await world.keypair(access, '--stack', 'http://127.0.0.1:9')
  assert.equal(code, 1)
  assert.match(stderr, /Nobody answers at http:\/\/127\.0\.0\.1:9\.\nStart the local stack with: npx snowgate start/)
})

test('no output of all these commands has a line of a key or a passphrase in it', () => {
  assert.ok(secrets.size > 100 && world.said.length > 100, `${secrets.size} ${world.said.length}`)
  const everything = world.said.join('\n')
  assert.ok(!everything.includes('BEGIN ENCRYPTED PRIVATE KEY'))
  for (const secret of secrets) assert.ok(!everything.includes(secret))
})
