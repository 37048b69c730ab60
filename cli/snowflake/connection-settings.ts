import { existsSync, readFileSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { CommandFailure } from '../command-failure.ts'

/** The parameters of one connection, named as in the file. */
export interface ConnectionSettings {
  readonly name: string
  readonly parameters: Readonly<Record<string, unknown>>
}

const connections = z.record(z.string(), z.unknown())
const config = z.looseObject({
  default_connection_name: z.string().optional(),
  connections: connections.default({}),
})

/**
 * A connection as `snow` and Snowflake's drivers find it: `connections.toml`, which replaces the connections of `config.toml`
 * where there are both, and variables that replace single parameters.
 * https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections
 * @param connectionName its name; absent: the default one
 */
export const readConnectionSettings = (connectionName: string | undefined, env: Environment): ConnectionSettings => {
  const folder = configFolders(env).find((one) => configFiles.some((file) => existsSync(join(one, file))))
  if (folder === undefined) {
    throw new CommandFailure(`No connections.toml or config.toml found in ${configFolders(env).join(' or ')}.`, {
      remedy: 'Create a connection with: snow connection add. Or omit --connection to print the statements.',
    })
  }
  const { default_connection_name, connections: ofConfig } = config.parse(readToml(join(folder, 'config.toml')))
  const connectionsFile = join(folder, 'connections.toml')
  const configured = existsSync(connectionsFile) ? connections.parse(readToml(connectionsFile)) : ofConfig
  const name = connectionName ?? env['SNOWFLAKE_DEFAULT_CONNECTION_NAME'] ?? default_connection_name ?? 'default'
  const found = connections.safeParse(Object.hasOwn(configured, name) ? configured[name] : undefined)
  if (!found.success) {
    const names = Object.keys(configured).join(', ')
    throw new CommandFailure(`Connection ${JSON.stringify(name)} does not exist in ${folder}.`, {
      remedy:
        names === ''
          ? 'Create one with: snow connection add'
          : `Available connections: ${names}. Pass one with --connection.`,
    })
  }
  return { name, parameters: { ...found.data, ...environmentOverrides(name, env) } }
}

const configFiles = ['connections.toml', 'config.toml']

const configFolders = (env: Environment): readonly string[] => {
  const { SNOWFLAKE_HOME: named, XDG_CONFIG_HOME: xdg, HOME: home = homedir() } = env
  if (named) return [named.replace(/^~(?=$|\/)/, home)]
  const ofSystem =
    platform() === 'darwin'
      ? join(home, 'Library', 'Application Support', 'snowflake')
      : platform() === 'win32'
        ? join(home, 'AppData', 'Local', 'snowflake')
        : join(xdg ?? join(home, '.config'), 'snowflake')
  return [join(home, '.snowflake'), ofSystem]
}

const readToml = (path: string): unknown => {
  if (!existsSync(path)) return {}
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    // The parser's message quotes the line, which may contain a password.
    const { line } = position.safeParse(error).data ?? {}
    const where = line === undefined ? '' : `, line ${line}`
    throw new CommandFailure(`Cannot parse ${path} as TOML${where}.`, { remedy: 'Details: snow connection list' })
  }
}

const position = z.object({ line: z.number() })

/** `SNOWFLAKE_CONNECTIONS_<NAME>_<PARAMETER>` */
const environmentOverrides = (name: string, env: Environment): Readonly<Record<string, string>> => {
  const prefix = `SNOWFLAKE_CONNECTIONS_${name.toUpperCase()}_`
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) =>
      key.startsWith(prefix) && value !== undefined ? [[key.slice(prefix.length).toLowerCase(), value]] : [],
    ),
  )
}
