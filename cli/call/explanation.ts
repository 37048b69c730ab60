import type { Decision } from '../local-stack/index.ts'

const marks = { passed: '✓', failed: '✗', considered: '·' } as const

/** Every check on the request's way through the stack, in its order. */
export const explanation = ({ outcome, principal, steps, remedy }: Decision): string =>
  [
    `${outcome === 'allowed' ? 'ALLOW' : 'DENY'}: ${principal ?? 'unauthenticated'}`,
    ...steps.map(
      ({ check, source, outcome, because }) => `  ${marks[outcome]} ${check}: ${source ? `${source} ` : ''}${because}`,
    ),
    ...(remedy === undefined ? [] : [`  → ${remedy}`]),
  ]
    .map((line) => `${line}\n`)
    .join('')
