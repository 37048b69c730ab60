import type { AccessRequest, Decision, DecisionStep, PolicyType } from '../../../../local/iam/index.ts'

/** One request and what must come of it; everything left out is not asserted. */
export interface DecisionCase {
  readonly title: string
  readonly request: AccessRequest
  readonly kind: Decision['kind']
  readonly deniedBy?: PolicyType
  readonly suffix?: string
  readonly steps?: readonly DecisionStep[]
  readonly fix?: string
}
