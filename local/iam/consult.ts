import { ownerOf } from './caller.ts'
import { readPolicy } from './policy.ts'
import { type Asked, matchStatement, type StatementVerdict } from './statement-match.ts'
import type { NamedPolicy, PolicyType, Step } from './types.ts'

/** One statement that speaks of the action, and what came of it. */
export interface Finding extends StatementVerdict {
  readonly effect: 'Allow' | 'Deny'
  /** `statement "Door" of trust policy of role R (account 111111111111)` */
  readonly where: string
}

/** What the policies of one type say, taken together. */
export interface Consulted {
  readonly policyType: PolicyType
  readonly policies: readonly NamedPolicy[]
  readonly findings: readonly Finding[]
  readonly steps: readonly Step[]
}

export const consult = (policyType: PolicyType, policies: readonly NamedPolicy[], asked: Asked): Consulted => {
  const readings = policies.map((policy) => consultOne(policyType, policy, asked))
  return {
    policyType,
    policies,
    findings: readings.flatMap(({ findings }) => findings),
    steps: readings.flatMap(({ steps }) => steps),
  }
}

export const allows = ({ findings }: Consulted): readonly Finding[] =>
  findings.filter(({ applies, effect }) => applies && effect === 'Allow')

export const denies = ({ findings }: Consulted): readonly Finding[] =>
  findings.filter(({ applies, effect }) => applies && effect === 'Deny')

const consultOne = (policyType: PolicyType, named: NamedPolicy, asked: Asked) => {
  const policy = named.name
  const { statements } = readPolicy(named, policyType)
  const owner = ownerOf(policyType, asked.request)
  const findings: Finding[] = []
  const steps: Step[] = []
  for (const statement of statements) {
    const verdict = matchStatement(statement, asked, policy)
    if (!verdict) continue
    const { effect, label, where } = statement
    findings.push({ ...verdict, effect, where: `${where} of ${policy} (account ${owner})` })
    const outcome = !verdict.applies ? 'does not match' : effect === 'Allow' ? 'allows' : 'denies'
    steps.push({ policyType, policy, statement: label, outcome, because: verdict.because })
  }
  if (steps.length === 0) {
    const count = statements.length
    const because =
      count === 0
        ? 'it has no statements'
        : `${count === 1 ? 'its one statement does not speak' : `none of its ${count} statements speaks`} of ${asked.request.action}`
    steps.push({ policyType, policy, outcome: 'is silent', because })
  }
  return { findings, steps }
}
