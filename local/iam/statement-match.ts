import { matchCondition } from './condition-match.ts'
import type { Context } from './context.ts'
import { type Grant, limitOf } from './grant.ts'
import { matchNotPrincipal, matchPrincipal } from './principal-match.ts'
import type { Element, Statement } from './statement.ts'
import type { AccessRequest } from './types.ts'
import { describeWanted, type Wanted } from './wanted.ts'
import { listed } from './wording.ts'

/** What is held against the statements of every policy. */
export interface Asked {
  readonly request: AccessRequest
  readonly context: Context
}

export interface StatementVerdict {
  readonly applies: boolean
  /** Every comparison made when it applies, the first that failed when not. */
  readonly because: string
  /** What it grants, or would if its conditions held, where it names principals. */
  readonly grant?: Grant
  /** Where conditions decided: what would have turned the verdict round, all of it or, when it applies, any of it. */
  readonly otherwise: readonly string[]
}

interface ElementVerdict {
  readonly matches: boolean
  readonly because: string
}

/** Undefined when the statement does not speak of the action. */
export const matchStatement = (
  { action, principal, resource, conditions, effect, where }: Statement,
  { request, context }: Asked,
  policy: string,
): StatementVerdict | undefined => {
  const byAction = matchElement('action', request.action, request.action.toLowerCase(), action, context)
  if (!byAction.matches) return undefined
  const byPrincipal = principal && (principal.negated ? matchNotPrincipal : matchPrincipal)(principal.items, request)
  if (byPrincipal?.matches === false) return { applies: false, because: byPrincipal.because, otherwise: [] }
  const byResource = resource && matchElement('resource', request.resource, request.resource, resource, context)
  if (byResource?.matches === false) return { applies: false, because: byResource.because, otherwise: [] }

  const byConditions = conditions.map((condition) => matchCondition(condition, context, { policy, statement: where }))
  const grant = byPrincipal?.grant
  const granted = grant && { grant }
  const failed = byConditions.filter(({ holds }) => !holds)
  const [first] = failed
  if (first) {
    return { applies: false, because: first.because, ...granted, otherwise: failed.map(({ otherwise }) => otherwise) }
  }
  const limit = grant && effect === 'Allow' ? limitOf(grant, request) : undefined
  const reasons = [byAction, byPrincipal, byResource, ...byConditions].flatMap((verdict) => verdict?.because ?? [])
  return {
    applies: true,
    because: [...reasons, ...(limit ? [limit] : [])].join('; '),
    ...granted,
    otherwise: byConditions.map(({ otherwise }) => otherwise),
  }
}

const matchElement = (
  what: 'action' | 'resource',
  shown: string,
  value: string,
  { negated, items }: Element<Wanted>,
  context: Context,
): ElementVerdict => {
  const found = items.find((item) => item.inRequest(context)?.test(value))
  const described = found ? describeWanted(found, context) : listed(items.map((item) => describeWanted(item, context)))
  return {
    matches: (found !== undefined) !== negated,
    because: `${what} ${shown} is ${words(negated, !!found, what)} ${described}`,
  }
}

const words = (negated: boolean, found: boolean, what: 'action' | 'resource'): string => {
  if (!negated) return found ? 'covered by' : 'not among'
  return `${found ? '' : 'not '}excepted by ${what === 'action' ? 'NotAction' : 'NotResource'}`
}
