import type { Stage } from '../../shared/access/index.ts'
import type { KeyPairLogin, SnowflakeLogin } from '../../shared/snowflake/index.ts'
import { firstPair, localPlace, readStoredPair } from '../keypair/index.ts'
import type { LocalStack } from '../local-stack/index.ts'
import { type DeployedApi, identityOf, parseDeployedApi, serviceUserScript, setupScript, ways } from '../setup/index.ts'
import { localConnection, runOne } from '../snowflake-connection/index.ts'

/** Sets up outside of AWS all that the stage needs: the objects in Snowflake, the service's own user, its key pair. */
export const setUpWhole = async (stack: LocalStack, stageName: string, stage: Stage): Promise<void> => {
  const { apiUrl, accountId } = await stack.service()
  const api = parseDeployedApi(apiUrl, accountId)
  for (const [name, caller] of stage.callers) {
    if (caller.kind === 'snowflake') await run(stack, setupScript({ name, caller, api, ways }), name)
  }
  const { snowflake: login } = stage
  if (!login) return
  await run(stack, await userScript(stack, login, api))
  if (login.login === 'key-pair') await makeKeyPair(stack, stageName, login)
}

const run = async (stack: LocalStack, sql: string, as?: string): Promise<void> => {
  await using connection = localConnection(stack, as)
  await connection.run(sql)
}

const userScript = async (stack: LocalStack, login: SnowflakeLogin, api: DeployedApi): Promise<string> => {
  if (login.login === 'key-pair' || !login.webIdentityToken) return serviceUserScript({ login, api })
  const [, , , , accountId = ''] = identityOf(login, api).split(':')
  return serviceUserScript({ login, api, issuer: await stack.tokenIssuer(accountId) })
}

const makeKeyPair = async (stack: LocalStack, stageName: string, login: KeyPairLogin): Promise<void> => {
  const place = await localPlace(stack, stageName, login)
  await firstPair(await readStoredPair(place.store, login), login, {
    ...place,
    runSql: runOne(localConnection(stack)),
    // Half the time of a larger one, for a key that lives as long as the stack.
    bits: 2048,
    step: (_, work) => work(),
    note: () => {},
    now: () => new Date(),
  })
}
