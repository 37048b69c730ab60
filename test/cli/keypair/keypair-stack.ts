import type { KeyObject } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { localKeypairBackend } from '../../../cli/keypair/keypair-backend.ts'
import type { KeypairContext } from '../../../cli/keypair/keypair-context.ts'
import { readStoredPair } from '../../../cli/keypair/stored-pair.ts'
import { createLocalStackClient } from '../../../cli/local-stack/local-stack-client.ts'
import { createLocalConnection } from '../../../cli/snowflake/local-connection.ts'
import { singleStatementRunner } from '../../../cli/snowflake/snowflake-connection.ts'
import { createKeyPairReader } from '../../../shared/aws/key-pair-reader.ts'
import type { RetryDependencies } from '../../../shared/aws/sdk-client-options.ts'
import type { KeyPairLogin } from '../../../shared/snowflake/index.ts'
import { temporaryFolder } from '../../infra/compile.ts'
import { runningStack } from '../../local/running-stack.ts'
import { close, connect, loadDriver, query } from '../../local/snowflake/server/node-driver.ts'
import { longTimeout } from '../../shared/aws/retry-dependencies.ts'
import { runSnowgate } from '../run-snowgate.ts'

/** The account of the local stack's Snowflake. */
const account = 'ABC12345'

/** The key of KMS that the deployed map names, so that it is there. */
export const kmsKeyArn = 'arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab'

/** `reporting` signs by itself. */
const callers = `
  callers:
    snowflake: { routes: [POST /hello] }
    reporting: { principals: [arn:aws:iam::444444444444:role/ReportingRole], direct: true, routes: [POST /hello] }`

/** A stage that logs in with a key pair of its own: each test takes one, and none meets another's. */
const createLogin = (name: string): KeyPairLogin => ({
  login: 'key-pair',
  account,
  user: name,
  privateKey: `/snowgate/${name}/private-key`,
  passphrase: `/snowgate/${name}/passphrase`,
})

const mapOf = (
  { user, privateKey, passphrase }: KeyPairLogin,
  more = '',
  path = '/hello',
) => `dev:${callers.replaceAll('/hello', path)}
  snowflake:
    { account: ${account}, login: key-pair, user: ${user}, privateKey: ${privateKey}, passphrase: ${passphrase}${more} }
`

interface NewLogin {
  readonly name?: string
  /** Further keys under `snowflake`. */
  readonly more?: string
  readonly exists?: boolean
  /** Whose user it is. */
  readonly of?: KeyPairLogin
}

/** A stack with Parameter Store and Snowflake, and the clients of a key pair. */
export const startKeypairStack = async ({ path = '/hello' } = {}) => {
  const folder = await temporaryFolder()
  const writeMap = async (name: string, text: string) => {
    const path = join(folder, `${name}.yml`)
    await writeFile(path, text)
    return path
  }
  const deployed = createLogin('DEPLOYED')
  const deployedMap = await writeMap('deployed', mapOf(deployed, `, kmsKeyArn: ${kmsKeyArn}`, path))
  const stack = await runningStack({ accessMap: deployedMap })
  const driver = await loadDriver()
  const { accessKeyId, secretAccessKey } = await stack.identity('admin')
  const credentials = { accessKeyId, secretAccessKey }
  const ssm = new SSMClient({ region: 'eu-central-1', endpoint: stack.url, credentials })
  const local = createLocalStackClient(stack.url)
  const connection = createLocalConnection(local)
  const runSql = singleStatementRunner(connection)
  const outputs: string[] = []
  let users = 0

  /** Names of a pair that is not there yet, the map that has them, and the user, who has no key unless it is another pair's. */
  const newLogin = async ({ name = `PROBE_${++users}`, more = '', exists = true, of }: NewLogin = {}) => {
    const login = { ...createLogin(name), ...(of && { user: of.user }) }
    if (exists && !of) await runSql(`CREATE USER ${name} TYPE = SERVICE`)
    return { login, access: await writeMap(name, mapOf(login, more)) }
  }

  /** `snowgate keypair` as a process; all its output is recorded. */
  const keypairWith = async (env: Readonly<Record<string, string>>, access: string, ...args: string[]) => {
    const ended = await runSnowgate(['keypair', '--access', access, '--stack', stack.url, ...args], { env })
    outputs.push(ended.stdout, ended.stderr)
    return ended
  }
  const keypair = (access: string, ...args: string[]) => keypairWith({}, access, ...args)

  /** The parameters as the service reads them, by the service's own code. */
  const reader = ({ privateKey, passphrase }: KeyPairLogin, dependencies?: RetryDependencies) => {
    const aws = { region: 'eu-central-1', endpoint: stack.url, credentials: async () => credentials }
    return createKeyPairReader({ parameters: { privateKey, passphrase }, aws }, dependencies)
  }

  /** A login with the official driver; rejects with what Snowflake says. */
  const logIn = async ({ user }: KeyPairLogin, key: KeyObject): Promise<void> => {
    const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString()
    const connection = await connect(driver, {
      account,
      accessUrl: stack.url,
      authenticator: 'SNOWFLAKE_JWT',
      username: user,
      privateKey,
    })
    const { rows } = await query(connection, 'SELECT CURRENT_USER() AS who')
    await close(connection)
    if (rows[0]?.['WHO'] !== user) throw new Error(`It is ${rows[0]?.['WHO']} who was let in.`)
  }

  /** Of a function that starts now: it has read nothing yet. */
  const coldLogin = async (login: KeyPairLogin): Promise<void> =>
    logIn(login, await reader(login).getPrivateKey(longTimeout()))

  const secret = async (name: string): Promise<string | undefined> =>
    ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true })).then(
      ({ Parameter }) => Parameter?.Value,
      () => undefined,
    )

  /** The fingerprints that DESC USER shows. */
  const fingerprints = async ({ user }: KeyPairLogin): Promise<readonly (string | null | undefined)[]> => {
    const { rows } = await runSql(`DESC USER ${user}`)
    return ['RSA_PUBLIC_KEY_FP', 'RSA_PUBLIC_KEY_2_FP'].map((property) => rows.find(([one]) => one === property)?.[1])
  }

  /** What the command works with, in this process: its clock can be moved, and each of its effects can be cut off. */
  const contextFor = async (login: KeyPairLogin, more: Partial<KeypairContext> = {}): Promise<KeypairContext> => ({
    ...(await localKeypairBackend(local, 'dev', login)),
    // By the driver that is loaded already: the command's own would be loaded for each.
    tryLogin: (key) =>
      logIn(login, key).then(
        () => true,
        (error: Error) => error.message,
      ),
    runSql,
    bits: 2048,
    runStep: (_, work) => work(),
    printNote: () => {},
    now: () => new Date(),
    ...more,
  })

  return {
    deployed,
    deployedMap,
    stack,
    ssm,
    outputs,
    newLogin,
    keypair,
    keypairWith,
    reader,
    logIn,
    coldLogin,
    secret,
    fingerprints,
    connection,
    contextFor: contextFor,
    runSql,
    stored: async (login: KeyPairLogin) => readStoredPair((await contextFor(login)).store, login),
  }
}

export type KeypairStack = Awaited<ReturnType<typeof startKeypairStack>>

export const nextParameterName = ({ privateKey }: KeyPairLogin) => `${privateKey}-next`
