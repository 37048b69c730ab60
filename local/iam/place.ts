import { PolicyError } from './types.ts'

/** Where in a policy something stands. */
export interface Place {
  readonly policy: string
  /** `statement "Sid"` or `statement 2`, counted from 1. */
  readonly statement?: string
  /** `Resource`, `Condition.StringEquals.aws:SourceIp`, … */
  readonly element?: string
}

export const refusal = ({ policy, statement, element }: Place, why: string): PolicyError =>
  new PolicyError(`${[policy, statement, element].filter((part) => part !== undefined).join(', ')}: ${why}`)
