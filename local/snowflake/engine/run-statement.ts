import {
  alterIdentity,
  alterObject,
  attachPolicy,
  type Catalogue,
  createFunction,
  createObject,
  describeFunction,
  describeIntegration,
  describeNetworkRule,
  describePolicy,
  describeUser,
  dropFunction,
  dropObject,
  findObject,
  grantOrRevokeRole,
  grantOrRevokeUsage,
  roleOf,
  showFunctions,
  showGrantsToRole,
  showGrantsToUser,
  showIdentities,
  showIntegrations,
  showNetworkPolicyParameter,
  showPolicies,
  use,
} from './catalogue/index.ts'
import { type Execution, evaluate, type FindFunction, type FindView, select } from './query/index.ts'
import { listing, type StatementResult, statusResult } from './result-set.ts'
import type { Name, Statement } from './sql/index.ts'

interface RunStatementDependencies {
  readonly catalogue: Catalogue
  readonly newExternalId: (integration: string) => string
  readonly iamUserArn: string
  readonly findFunction: FindFunction
  readonly findView: FindView
}

export const createRunStatement =
  ({ catalogue, newExternalId, iamUserArn, findFunction, findView }: RunStatementDependencies) =>
  async (statement: Statement, execution: Execution): Promise<StatementResult> => {
    const context = { catalogue, execution, newExternalId }
    const scope = { execution, findFunction, findView }
    const userOf = (name: Name) => findObject(catalogue, 'USER', name, execution.session)
    switch (statement.kind) {
      case 'query':
        return { frame: await select(statement.query, scope) }
      case 'create':
        return statusResult(createObject(statement, context))
      case 'create function':
        return statusResult(createFunction(statement, context))
      case 'alter':
        return statusResult(alterObject(statement, context))
      case 'drop':
        return statusResult(dropObject(statement, context))
      case 'drop function':
        return statusResult(dropFunction(statement, context))
      case 'use':
        return statusResult(use(statement, context))
      case 'grant':
        return statusResult('Statement executed successfully.')
      case 'alter workload identity':
        return statusResult(alterIdentity(statement, context))
      case 'grant role':
      case 'revoke role':
        return statusResult(grantOrRevokeRole(statement, context))
      case 'attach policy':
        return statusResult(attachPolicy(statement, context))
      case 'describe policy':
        return listing(describePolicy(findObject(catalogue, statement.policy, statement.name, execution.session)))
      case 'describe network rule':
        return listing(describeNetworkRule(findObject(catalogue, 'NETWORK RULE', statement.name, execution.session)))
      case 'show policies':
        return listing(showPolicies(statement, catalogue, execution.session))
      case 'show parameter':
        return listing(showNetworkPolicyParameter(catalogue, statement.user && userOf(statement.user).name))
      case 'grant usage':
      case 'revoke usage':
        return statusResult(grantOrRevokeUsage(statement, context))
      case 'show grants to role':
        return listing(showGrantsToRole(catalogue, roleOf(statement.role, context)))
      case 'describe function':
        return listing(describeFunction(statement, catalogue, execution))
      case 'describe user':
        return listing(describeUser(catalogue, userOf(statement.name)))
      case 'show grants to user':
        return listing(showGrantsToUser(catalogue, userOf(statement.user ?? [execution.session.user])))
      case 'show workload identities':
        return listing(showIdentities(catalogue, userOf(statement.user ?? [execution.session.user])))
      case 'describe integration':
        return listing(
          describeIntegration(findObject(catalogue, 'INTEGRATION', statement.name, execution.session), iamUserArn),
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
