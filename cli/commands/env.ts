import { Command } from 'commander'
import { alignColumns } from '../align-columns.ts'
import type { CommandContext } from '../io.ts'
import { createLocalStackClient, type LocalIdentity, stackOption } from '../local-stack/local-stack-client.ts'

interface EnvOptions {
  readonly json?: boolean
  readonly stack: string
}

export const createEnvCommand = (context: CommandContext): Command =>
  new Command('env')
    .argument('[identity]', 'a caller of the access map, admin, stranger or expired (default: list all)')
    .option('--json', 'print JSON')
    .addOption(stackOption(context.env))
    .addHelpText('after', '\nExample:\n  eval "$(snowgate env analytics)"')
    .action(async (name: string | undefined, { json, stack }: EnvOptions) => {
      const { stdout } = context
      const localStack = createLocalStackClient(stack)
      if (name === undefined) {
        const identities = await localStack.identities()
        const rows = identities.map((one) => [one.name, one.description])
        stdout.write(json ? `${JSON.stringify(identities, null, 2)}\n` : alignColumns(rows))
        return
      }
      const identity = await localStack.renewedIdentity(name)
      stdout.write(json ? `${JSON.stringify(identity, null, 2)}\n` : shellExports(identity))
    })

/** Lines for `eval` in any POSIX shell; what an earlier identity left behind is unset. */
export const shellExports = (identity: LocalIdentity): string => {
  const { endpoints } = identity
  const variables: Readonly<Record<string, string | undefined>> = {
    AWS_ACCESS_KEY_ID: identity.accessKeyId,
    AWS_SECRET_ACCESS_KEY: identity.secretAccessKey,
    AWS_SESSION_TOKEN: identity.sessionToken ?? undefined,
    AWS_REGION: identity.region,
    AWS_DEFAULT_REGION: identity.region,
    AWS_ENDPOINT_URL: endpoints.aws,
    // An SDK that finds no credentials would otherwise wait for an EC2 instance to answer.
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PROFILE: undefined,
    AWS_CREDENTIAL_EXPIRATION: undefined,
    SNOWGATE_STACK: endpoints.aws,
    SNOWGATE_API: endpoints.api,
    SNOWGATE_CALLER_ROLE_ARN: identity.callerRoleArn,
    SNOWGATE_EXTERNAL_ID: identity.externalId,
  }
  return Object.entries(variables)
    .map(([name, value]) => (value === undefined ? `unset ${name}\n` : `export ${name}=${quoted(value)}\n`))
    .join('')
}

const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`
