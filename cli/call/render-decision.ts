import type { RequestDecision } from '../local-stack/local-stack-client.ts'

const marks = { passed: '✓', failed: '✗', considered: '·' } as const

/** Every check on the request's way through the stack, in its order. */
export const renderDecision = ({ outcome, principal, steps, fix }: RequestDecision): string =>
  [
    `${outcome === 'allowed' ? 'ALLOW' : 'DENY'}: ${principal ?? 'unauthenticated'}`,
    ...steps.map(
      ({ check, source, outcome, reason }) => `  ${marks[outcome]} ${check}: ${source ? `${source} ` : ''}${reason}`,
    ),
    ...(fix === undefined ? [] : [`  → ${fix}`]),
  ]
    .map((line) => `${line}\n`)
    .join('')
