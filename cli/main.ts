import { CommanderError, program } from 'commander'
import { CommandFailure } from './command-failure.ts'
import { callCommand } from './commands/call.ts'
import { deployCommand } from './commands/deploy.ts'
import { doctorCommand } from './commands/doctor.ts'
import { envCommand } from './commands/env.ts'
import { explainCommand } from './commands/explain.ts'
import { keypairCommand } from './commands/keypair.ts'
import { removeCommand } from './commands/remove.ts'
import { setupCommand } from './commands/setup.ts'
import { sqlCommand } from './commands/sql.ts'
import { startCommand } from './commands/start.ts'
import { exitCodes } from './exit-codes.ts'

program
  .name('snowgate')
  .description('Snowflake, AWS accounts and AWS APIs call each other with IAM as the only credential.')
  .addHelpText('after', '\nBegin with: snowgate start')
  // Flags stand behind the command that they are for: setup has some, and so has setup sql.
  .enablePositionalOptions()
  .addCommand(startCommand)
  .addCommand(envCommand)
  .addCommand(callCommand)
  .addCommand(sqlCommand)
  .addCommand(setupCommand)
  .addCommand(explainCommand)
  .addCommand(keypairCommand)
  .addCommand(deployCommand)
  .addCommand(removeCommand)
  .addCommand(doctorCommand)
for (const command of [program, ...program.commands, ...setupCommand.commands])
  command.exitOverride().showHelpAfterError('(--help shows what there is)')

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // commander has said what is wrong; help and version end well.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  } else if (error instanceof CommandFailure) {
    process.stderr.write(`snowgate: ${error.message}\n`)
    process.exitCode = error.exitCode
  } else {
    throw error
  }
}
