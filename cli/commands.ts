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
    description:
      'package the service and run it on this machine, behind a local stack that refuses what AWS would refuse',
    create: async (context) => (await import('./commands/start.ts')).createStartCommand(context),
    handlesSignal: true,
  },
  env: {
    description: 'who can be played at the local stack, or shell exports to become one of them',
    create: async (context) => (await import('./commands/env.ts')).createEnvCommand(context),
  },
  call: {
    description: 'send a signed request and print the answer',
    create: async (context) => (await import('./commands/call.ts')).createCallCommand(context),
  },
  sql: {
    description: 'run statements in the Snowflake of the local stack; without any, a prompt',
    create: async (context) => (await import('./commands/sql.ts')).createSqlCommand(context),
  },
  setup: {
    description: 'set up Snowflake, the map and the deployment for each other, from a shut door to greetings',
    create: async (context) => (await import('./commands/setup.ts')).createSetupCommand(context),
  },
  explain: {
    description:
      'what an error of AWS, Snowflake, a driver or snowgate means, how its causes are told apart, and what mends it',
    create: async (context) => (await import('./commands/explain.ts')).createExplainCommand(context),
  },
  keypair: {
    description: 'make the key pair that the service logs in to Snowflake with, store it, and rotate it',
    create: async (context) => (await import('./commands/keypair.ts')).createKeypairCommand(context),
  },
  deploy: {
    description: 'show what changes in who may call what, then deploy: to AWS, or into the running local stack',
    create: async (context) => (await import('./commands/deploy.ts')).createDeployCommand(context),
  },
  remove: {
    description: 'show who loses access, then take a deployed stage away from AWS',
    create: async (context) => (await import('./commands/remove.ts')).createRemoveCommand(context),
  },
  doctor: {
    description: 'look at everything between the parties of a stage, and say what is broken and what mends it',
    create: async (context) => (await import('./commands/doctor.ts')).createDoctorCommand(context),
  },
}
