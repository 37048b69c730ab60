import { styleText } from 'node:util'
import type { Change, Changed } from './changes.ts'

/** The changes for people: a heading for each caller and target, a line for each change, `!` before those that open. */
export const renderChanges = (changes: readonly Changed[]): string => {
  const opening = changes.flatMap(({ changes }) => changes).filter(({ opens }) => opens).length
  const groups = changes.map((changed) => `  ${heading(changed)}\n${changed.changes.map(line).join('')}`)
  if (opening === 0) return groups.join('')
  const said = opening === 1 ? '1 change grants access' : `${opening} changes grant access`
  return `${groups.join('')}\n${styleText('yellow', '!')} ${said}.\n`
}

const kinds = { caller: 'caller', target: 'target', snowflake: 'Snowflake login' } as const

const heading = ({ kind, name, state }: Changed): string => {
  const what = kind === 'snowflake' ? kinds[kind] : `${kinds[kind]} ${name}`
  return state === 'changed' ? what : `${what}, ${state}`
}

const line = ({ sign, what, opens }: Change): string =>
  `  ${opens ? styleText('yellow', '!') : ' '} ${styleText(sign === '+' ? 'green' : 'red', `${sign} ${what}`)}\n`
