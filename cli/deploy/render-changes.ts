import { styleText } from 'node:util'
import type { Change, Changed } from './changes.ts'

/** The changes for people: a heading for each caller and target, a line for each change, `!` before those that open. */
export const renderChanges = (changes: readonly Changed[]): string => {
  const opening = changes.flatMap(({ changes }) => changes).filter(({ opens }) => opens).length
  const groups = changes.map((changed) => `  ${heading(changed)}\n${changed.changes.map(line).join('')}`)
  if (opening === 0) return groups.join('')
  const said = opening === 1 ? 'One line lets somebody in' : `${opening} lines let somebody in`
  return `${groups.join('')}\n${styleText('yellow', '!')} ${said}, or further than before.\n`
}

const kinds = { caller: 'caller', target: 'target', snowflake: 'login to Snowflake' } as const

const heading = ({ kind, name, state }: Changed): string => {
  const what = kind === 'snowflake' ? kinds[kind] : `${kinds[kind]} ${name}`
  return state === 'changed' ? what : `${what}, ${state}`
}

const line = ({ sign, what, opens }: Change): string =>
  `  ${opens ? styleText('yellow', '!') : ' '} ${styleText(sign === '+' ? 'green' : 'red', `${sign} ${what}`)}\n`
