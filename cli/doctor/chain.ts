import type { Stage } from '../../shared/access/index.ts'
import type { Hop } from './hop.ts'
import { api } from './hops/api.ts'
import { calls } from './hops/calls.ts'
import { credentials } from './hops/credentials.ts'
import { doors } from './hops/doors.ts'
import { endpoint } from './hops/endpoint.ts'
import { functions } from './hops/functions.ts'
import { identity } from './hops/identity.ts'
import { integrations } from './hops/integrations.ts'
import { login } from './hops/login.ts'
import { map } from './hops/map.ts'
import { parameters } from './hops/parameters.ts'
import { permissions } from './hops/permissions.ts'
import { polls } from './hops/polls.ts'
import { resourcePolicy } from './hops/resource-policy.ts'
import { routes } from './hops/routes.ts'
import { serviceUser } from './hops/service-user.ts'
import { functionsInSql } from './hops/sql-functions.ts'
import { stack } from './hops/stack.ts'
import { stsRegion } from './hops/sts-region.ts'
import { template } from './hops/template.ts'

/**
 * The chain between the parties, in the order in which it is looked at: whatever a hop needs stands before it. A new hop is a
 * file of `hops/` and a line here. Without a stage, since the map cannot be read, callers and functions are not known.
 */
export const chain = (stage: Pick<Stage, 'callers'> = { callers: new Map() }): readonly Hop[] => [
  map,
  polls,
  credentials,
  identity,
  stsRegion,
  stack,
  template,
  endpoint,
  routes,
  resourcePolicy,
  api,
  ...doors(stage),
  ...permissions(stage),
  ...functions(stage),
  parameters,
  ...integrations(stage),
  ...functionsInSql(stage),
  serviceUser,
  ...login(stage),
  ...calls(stage),
]
