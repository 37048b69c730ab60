import { createAssumeRole, createCaller, keepSessions } from './caller/index.ts'
import {
  alterObject,
  createCatalogue,
  createFunction,
  createObject,
  describeIntegration,
  dropFunction,
  dropObject,
  findObject,
  showFunctions,
  showIntegrations,
  use,
} from './catalogue/index.ts'
import { createFunctionFinder } from './created-functions.ts'
import type { SnowflakeOptions } from './options.ts'
import { type Execution, evaluate, type Session, select } from './query/index.ts'
import { frameResult, listing, type Result, type ResultSet, statusResult } from './result-set.ts'
import { createCursor, parseStatement, type Statement, tokensOf } from './sql/index.ts'
import { createCallUdf } from './udf.ts'

export interface SnowflakeSession {
  /** Runs statements one after the other and gives each result as it is there; the first failure ends the run. */
  readonly execute: (sql: string, signal?: AbortSignal) => AsyncGenerator<ResultSet, void>
}

export interface Who {
  readonly user: string
  readonly role: string
}

/** One account: what it holds lives in memory, and is shared by its sessions. */
export const createSnowflake = (options: SnowflakeOptions) => {
  const { account, region, iamUser, newExternalId, sts, transport, resolve, now, sleep, newId, print, runUdf } = options
  const catalogue = createCatalogue()
  const assumeRole = keepSessions(createAssumeRole({ ...sts, credentials: iamUser.credentials, now }), now)
  const findFunction = createFunctionFinder({
    catalogue,
    callExternal: createCaller({ assumeRole, transport, resolve, now, sleep, print }),
    callUdf: createCallUdf(runUdf, assumeRole),
  })

  const run = async (statement: Statement, execution: Execution): Promise<Result> => {
    const needs = { catalogue, execution, newExternalId }
    const scope = { execution, findFunction }
    switch (statement.kind) {
      case 'query':
        return frameResult(await select(statement.query, scope))
      case 'create':
        return statusResult(createObject(statement, needs))
      case 'create function':
        return statusResult(createFunction(statement, needs))
      case 'alter':
        return statusResult(alterObject(statement, needs))
      case 'drop':
        return statusResult(dropObject(statement, needs))
      case 'drop function':
        return statusResult(dropFunction(statement, needs))
      case 'use':
        return statusResult(use(statement, needs))
      case 'grant':
        return statusResult('Statement executed successfully.')
      case 'describe integration':
        return listing(
          describeIntegration(findObject(catalogue, 'INTEGRATION', statement.name, execution.session), iamUser.arn),
        )
      case 'show integrations':
        return listing(showIntegrations(catalogue))
      case 'show functions':
        return listing(showFunctions(catalogue))
      case 'set': {
        const frame = { length: 1, columns: [] }
        execution.session.variables.set(
          statement.name,
          await evaluate(statement.expression, { ...scope, frame, grouped: false }),
        )
        return statusResult('Statement executed successfully.')
      }
    }
  }

  /** In a database and schema that are there from the start, and with no warehouse to wait for. */
  const openSession = ({ user, role }: Who): SnowflakeSession => {
    const session: Session = {
      ...{
        id: newId(),
        account,
        user,
        role,
        database: 'SNOWGATE',
        schema: 'PUBLIC',
        warehouse: 'LOCAL',
        lastQueryId: '',
      },
      region: `AWS_${region.toUpperCase().replaceAll('-', '_')}`,
      variables: new Map(),
    }
    return {
      execute: async function* (sql, signal = new AbortController().signal) {
        const cursor = createCursor(sql, tokensOf(sql))
        for (let parsed = parseStatement(cursor); parsed; parsed = parseStatement(cursor)) {
          const queryId = newId()
          let calls = 0
          const nextCallNumber = () => ++calls
          const execution = { session, queryId, sql: parsed.text, startedAt: now(), signal, nextCallNumber }
          const result = await run(parsed.statement, execution)
          session.lastQueryId = queryId
          yield { queryId, ...result }
        }
      },
    }
  }

  return { openSession }
}
