import type { Command } from 'commander'
import type { CommandContext } from './io.ts'

interface CommandEntry {
  /** Its line in the list of commands. */
  readonly description: string
  /** Imports the file of this command, and nothing of the others. */
  readonly create: (context: CommandContext) => Promise<Command>
  /** The command ends itself when its signal aborts; any other is left where it is. */
  readonly handlesSignal?: true
}

/** Every command, in the order of the list. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  start: {
    description: 'Package the service and run it on this machine, behind a local stack that rejects what AWS rejects',
    create: async (context) => (await import('./commands/start.ts')).createStartCommand(context),
    handlesSignal: true,
  },
  env: {
    description: 'List local identities, or print shell exports for one',
    create: async (context) => (await import('./commands/env.ts')).createEnvCommand(context),
  },
  call: {
    description: 'send a signed request and print the answer',
    create: async (context) => (await import('./commands/call.ts')).createCallCommand(context),
  },
  sql: {
    description: 'Run statements in the local Snowflake, or start a prompt',
    create: async (context) => (await import('./commands/sql.ts')).createSqlCommand(context),
  },
  setup: {
    description: 'Set up the Snowflake–AWS trust end to end and verify it with a test call',
    create: async (context) => (await import('./commands/setup.ts')).createSetupCommand(context),
  },
  explain: {
    description:
      'Explain an error from AWS, Snowflake, a driver or snowgate: its causes, how to tell them apart, and fixes',
    create: async (context) => (await import('./commands/explain.ts')).createExplainCommand(context),
  },
  keypair: {
    description: 'Create, store and rotate the key pair that the service uses to log in to Snowflake',
    create: async (context) => (await import('./commands/keypair.ts')).createKeypairCommand(context),
  },
  deploy: {
    description: 'Show access changes, then deploy to AWS or to the running local stack',
    create: async (context) => (await import('./commands/deploy.ts')).createDeployCommand(context),
  },
  remove: {
    description: 'Show who loses access, then remove a deployed stage from AWS',
    create: async (context) => (await import('./commands/remove.ts')).createRemoveCommand(context),
  },
  doctor: {
    description: 'Check every step between callers, AWS and Snowflake; show failures and how to fix them',
    create: async (context) => (await import('./commands/doctor.ts')).createDoctorCommand(context),
  },
}
