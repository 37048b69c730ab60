import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CommandFailure } from '../../../cli/command-failure.ts'
import { readConnectionSettings } from '../../../cli/snowflake/connection-settings.ts'
import { temporaryFolder } from '../../infra/compile.ts'

interface Case {
  readonly claim: string
  readonly files: Readonly<Record<string, string>>
  readonly connectionName?: string
  readonly env?: Readonly<Record<string, string>>
  readonly finds: { readonly name: string; readonly parameters: unknown } | RegExp
}

const config = `default_connection_name = "work"
[cli.logs]
save_logs = true
[connections.work]
account = "myorg-work"
user = "me"
[connections.play]
account = "myorg-play"
`

const cases: readonly Case[] = [
  {
    claim: 'the default connection of config.toml',
    files: { 'config.toml': config },
    finds: { name: 'work', parameters: { account: 'myorg-work', user: 'me' } },
  },
  {
    claim: 'the connection that is named',
    files: { 'config.toml': config },
    connectionName: 'play',
    finds: { name: 'play', parameters: { account: 'myorg-play' } },
  },
  {
    claim: 'the default that the environment names',
    files: { 'config.toml': config },
    env: { SNOWFLAKE_DEFAULT_CONNECTION_NAME: 'play' },
    finds: { name: 'play', parameters: { account: 'myorg-play' } },
  },
  {
    claim: 'connections.toml replaces the connections of config.toml, but not its default',
    files: { 'config.toml': config, 'connections.toml': '[work]\naccount = "other"\n[default]\naccount = "no"\n' },
    finds: { name: 'work', parameters: { account: 'other' } },
  },
  {
    claim: 'the default connection is named default unless configured',
    files: { 'connections.toml': '[default]\naccount = "a"\n' },
    finds: { name: 'default', parameters: { account: 'a' } },
  },
  {
    claim: 'a variable replaces a parameter',
    files: { 'config.toml': config },
    env: { SNOWFLAKE_CONNECTIONS_WORK_PASSWORD: 'secret', SNOWFLAKE_CONNECTIONS_WORK_USER: 'you' },
    finds: { name: 'work', parameters: { account: 'myorg-work', user: 'you', password: 'secret' } },
  },
  {
    claim: 'an unknown name is reported with the existing ones',
    files: { 'config.toml': config },
    connectionName: 'toString',
    finds:
      /^Connection "toString" does not exist in .*\.\nAvailable connections: work, play\. Pass one with --connection\.$/,
  },
  {
    claim: 'a connection that is not a table',
    files: { 'connections.toml': 'work = 1\n' },
    connectionName: 'work',
    finds: /^Connection "work" does not exist/,
  },
  {
    claim: 'no file',
    files: {},
    finds: /^No connections\.toml or config\.toml found in .*\nCreate a connection with: snow/,
  },
  {
    claim: 'invalid TOML is reported by its line number, without its text',
    files: { 'config.toml': '[connections.a]\npassword = hunter2\n' },
    finds: /^(?!.*hunter2)Cannot parse \S*config\.toml as TOML, line 2\.\n/s,
  },
]

for (const { claim, files, connectionName, env, finds } of cases) {
  test(claim, async () => {
    const folder = join(await temporaryFolder(), 'snowflake')
    mkdirSync(folder)
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
    const read = () => readConnectionSettings(connectionName, { SNOWFLAKE_HOME: folder, ...env })
    if (!(finds instanceof RegExp)) return assert.deepEqual(read(), finds)
    assert.throws(read, (error) => error instanceof CommandFailure && finds.test(error.message))
  })
}
