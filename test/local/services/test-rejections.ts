import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ControlPlane } from './control-plane-server.ts'

export interface RejectionCase {
  readonly claim: string
  readonly call: () => Promise<unknown>
  readonly status: number
  readonly type: string
  readonly message: string | RegExp
  /** What the journal must name as failed, and how. */
  readonly reason: RegExp
}

interface ServiceError extends Error {
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string }
}

/** One test for each: status, type and message as the SDK's client shows them, and the reason in the journal. */
export const testRejections = (plane: () => ControlPlane, service: string, cases: readonly RejectionCase[]): void => {
  for (const { claim, call, status, type, message, reason } of cases) {
    test(`${claim} is rejected with ${status} ${type}`, async () => {
      const error = await call().then(
        () => assert.fail('it was let in'),
        (thrown: ServiceError) => thrown,
      )
      assert.deepEqual({ status: error.$metadata?.httpStatusCode, type: error.name }, { status, type }, String(error))
      if (typeof message === 'string') assert.equal(error.message, message)
      else assert.match(error.message, message)
      const entry = plane().journal.find(error.$metadata.requestId ?? '')
      assert.deepEqual([entry?.service, entry?.outcome, entry?.status], [service, 'rejected', status])
      const reasons = entry?.steps.filter(({ outcome }) => outcome !== 'passed').map((step) => step.reason) ?? []
      assert.ok(
        reasons.some((text) => reason.test(text)),
        JSON.stringify(reasons),
      )
    })
  }
}
