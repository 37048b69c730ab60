import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SSMClient } from '@aws-sdk/client-ssm'
import { createWireServer } from '../../../../local/http.ts'
import type { Principal } from '../../../../local/iam/index.ts'
import { createIdentifiers } from '../../../../local/identifiers.ts'
import { createJournal } from '../../../../local/journal.ts'
import { createParameterStore, createSsm, customerKey, managedKey } from '../../../../local/services/ssm/index.ts'
import { type Credentials, sign } from '../../running-stack.ts'

export const location = { accountId: '111111111111', region: 'eu-central-1', partition: 'aws' }
export const parameterArn = (path: string) => `arn:aws:ssm:eu-central-1:111111111111:parameter/${path}`

const keyArn = (account: string, start: string) =>
  `arn:aws:kms:eu-central-1:${account}:key/${start}-12ab-34cd-56ef-1234567890ab`

export const ownKey = customerKey(keyArn('111111111111', '1234abcd'), location, { aliases: ['alias/snowflake'] })
export const disabledKey = customerKey(keyArn('111111111111', 'dddddddd'), location, { enabled: false })
/** Of another account, which lets this one use it. */
export const sharedKey = customerKey(keyArn('222222222222', 'eeeeeeee'), location)
export const managedKmsKey = managedKey(location, 'ffffffff-12ab-34cd-56ef-1234567890ab')

interface PolicyStatement {
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: unknown
  readonly Effect?: 'Deny'
}

const session = (name: string, statements: readonly PolicyStatement[]): Principal => ({
  type: 'AssumedRole',
  accountId: location.accountId,
  arn: `arn:aws:sts::111111111111:assumed-role/${name}/session`,
  principalArn: `arn:aws:iam::111111111111:role/${name}`,
  userId: `AROA${name}:session`,
  identityPolicies: [
    {
      name: `policy of ${name}`,
      document: {
        Version: '2012-10-17',
        Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
      },
    },
  ],
})

const readsApp = { Action: ['ssm:GetParameter', 'ssm:GetParameters'], Resource: parameterArn('app/*') }
const throughSsm = (key: string, value: string) => ({ StringEquals: { [key]: value } })

/** Who can knock: each has the key id `ASIA` and their name in capitals. */
const sessions = {
  admin: session('admin', [{ Action: '*', Resource: '*' }]),
  reader: session('reader', [readsApp]),
  decrypter: session('decrypter', [readsApp, { Action: 'kms:Decrypt', Resource: ownKey.arn }]),
  bound: session('bound', [
    readsApp,
    {
      Action: 'kms:Decrypt',
      Resource: ownKey.arn,
      Condition: {
        StringEquals: {
          'kms:ViaService': 'ssm.eu-central-1.amazonaws.com',
          'kms:EncryptionContext:PARAMETER_ARN': parameterArn('app/own'),
        },
      },
    },
  ]),
  elsewhere: session('elsewhere', [
    readsApp,
    {
      Action: 'kms:Decrypt',
      Resource: ownKey.arn,
      Condition: throughSsm('kms:EncryptionContext:PARAMETER_ARN', parameterArn('other')),
    },
  ]),
  borrower: session('borrower', [readsApp, { Action: 'kms:Decrypt', Resource: sharedKey.arn }]),
  keyless: session('keyless', [readsApp, { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }]),
  writer: session('writer', [{ Action: 'ssm:PutParameter', Resource: '*' }]),
  sealer: session('sealer', [
    { Action: 'ssm:PutParameter', Resource: '*' },
    {
      Action: 'kms:Encrypt',
      Resource: ownKey.arn,
      Condition: throughSsm('kms:EncryptionContext:PARAMETER_ARN', parameterArn('put/sealed')),
    },
  ]),
  denied: session('denied', [readsApp, { Effect: 'Deny', Action: 'ssm:*', Resource: parameterArn('app/secret') }]),
  single: session('single', [{ Action: 'ssm:GetParameter', Resource: parameterArn('app/key') }]),
  top: session('top', [{ Action: 'ssm:*', Resource: parameterArn('top') }]),
} as const

export type SessionName = keyof typeof sessions

export const keyOf = (name: SessionName) => ({
  accessKeyId: `ASIA${name.toUpperCase()}`,
  secretAccessKey: `secret of ${name}`,
  sessionToken: `token of ${name}`,
})

const isName = (name: string | undefined): name is SessionName => name !== undefined && Object.hasOwn(sessions, name)

/** The endpoint on a port, with a store that holds one parameter of each kind. */
export const startSsmServer = async () => {
  const now = () => new Date()
  const identifiers = createIdentifiers('test')
  const log: string[] = []
  const journal = createJournal((line) => log.push(line))
  const store = createParameterStore({
    managedKey: managedKmsKey,
    keys: [ownKey, disabledKey, sharedKey],
    identifiers,
    now,
  })
  store.put({ name: '/app/key', type: 'String', value: 'first' })
  store.put({ name: '/app/key', type: 'String', value: 'second' })
  store.put({ name: '/app/list', type: 'StringList', value: 'a,b' })
  store.put({ name: '/app/secret', type: 'SecureString', value: 'managed secret' })
  store.put({ name: '/app/own', type: 'SecureString', value: 'own secret', key: ownKey })
  store.put({ name: '/app/disabled', type: 'SecureString', value: 'lost secret', key: disabledKey })
  store.put({ name: '/app/lent', type: 'SecureString', value: 'lent secret', key: sharedKey })
  store.put({ name: 'top', type: 'String', value: 'no slash' })
  const ssm = createSsm({
    store,
    location,
    identifiers,
    journal,
    now,
    findKey: (id) => {
      const name = /^ASIA(\w+)$/.exec(id)?.[1]?.toLowerCase()
      return isName(name) ? { ...keyOf(name), owner: sessions[name] } : undefined
    },
  })
  const server = createWireServer({ answer: ssm, now })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one

  const client = (name: SessionName, keys: Credentials = keyOf(name)) =>
    new SSMClient({
      endpoint: `http://${host}`,
      region: location.region,
      maxAttempts: 1,
      credentials: {
        accessKeyId: keys.accessKeyId,
        secretAccessKey: keys.secretAccessKey,
        ...(keys.sessionToken && { sessionToken: keys.sessionToken }),
      },
    })
  /** Signed by aws4, whole answer. */
  const send = (operation: string, body: string, how: Partial<Credentials & { service: string; date: Date }> = {}) => {
    const { service = 'ssm', date = new Date(), ...keys } = how
    const headers = { 'X-Amz-Target': operation, 'Content-Type': 'application/x-amz-json-1.1' }
    return post(
      sign({ path: '/', headers, body }, { ...keyOf('admin'), ...keys }, { host, service, date }).headers,
      body,
    )
  }
  const post = (headers: Readonly<Record<string, string>> = {}, body = '') =>
    new Promise<{ status: number; body: string; requestId: string }>((resolve, reject) => {
      const outgoing = httpRequest(`http://${host}`, { method: 'POST', headers }, async (incoming) => {
        const chunks = await incoming.toArray()
        resolve({
          status: incoming.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          requestId: `${incoming.headers['x-amzn-requestid']}`,
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  return {
    client,
    send,
    post,
    store,
    journal,
    log,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
