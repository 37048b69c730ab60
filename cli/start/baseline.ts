import type { Stage } from '../../shared/access/index.ts'
import type { KeyPairLogin, SnowflakeLogin } from '../../shared/snowflake/index.ts'
import { type DeployedApi, parseDeployedApi } from '../deploy/deployed-api.ts'
import { createKeyPair } from '../keypair/create-key-pair.ts'
import { localKeypairBackend } from '../keypair/keypair-backend.ts'
import { readStoredPair } from '../keypair/stored-pair.ts'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import { callerScript, connectionMethods } from '../setup/caller-script.ts'
import { loginRoleArn, serviceUserScript } from '../setup/service-user-script.ts'
import { createLocalConnection } from '../snowflake/local-connection.ts'
import { singleStatementRunner } from '../snowflake/snowflake-connection.ts'

/** Sets up outside of AWS all that the stage needs: the objects in Snowflake, the service's own user, its key pair. */
export const applySetup = async (stack: LocalStackClient, stageName: string, stage: Stage): Promise<void> => {
  const { apiUrl, accountId } = await stack.service()
  const api = parseDeployedApi(apiUrl, accountId)
  for (const [name, caller] of stage.callers) {
    if (caller.kind === 'snowflake')
      await runSql(stack, callerScript({ name, caller, api, methods: connectionMethods }), name)
  }
  const { snowflake: login } = stage
  if (!login) return
  await runSql(stack, await serviceUserSql(stack, login, api))
  if (login.login === 'key-pair') await createLocalKeyPair(stack, stageName, login)
}

const runSql = async (stack: LocalStackClient, sql: string, as?: string): Promise<void> => {
  await using connection = createLocalConnection(stack, as)
  await connection.run(sql)
}

const serviceUserSql = async (stack: LocalStackClient, login: SnowflakeLogin, api: DeployedApi): Promise<string> => {
  if (login.login === 'key-pair' || !login.webIdentityToken) return serviceUserScript({ login, api })
  const [, , , , accountId = ''] = loginRoleArn(login, api).split(':')
  return serviceUserScript({ login, api, issuer: await stack.tokenIssuer(accountId) })
}

const createLocalKeyPair = async (stack: LocalStackClient, stageName: string, login: KeyPairLogin): Promise<void> => {
  const location = await localKeypairBackend(stack, stageName, login)
  await createKeyPair(await readStoredPair(location.store, login), login, {
    ...location,
    runSql: singleStatementRunner(createLocalConnection(stack)),
    // Half the time of a larger one, for a key that lives as long as the stack.
    bits: 2048,
    runStep: (_, work) => work(),
    printNote: () => {},
    now: () => new Date(),
  })
}
