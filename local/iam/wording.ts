/** How many values of a long list a sentence names, and how many characters of a long value. */
const most = { values: 5, characters: 300 }

export const clipped = (text: string): string =>
  text.length > most.characters ? `${text.slice(0, most.characters)}…` : text

/** In JSON's quotes, so that a line break in a value cannot start a line of its own in a log. */
export const quoted = (value: string): string => JSON.stringify(clipped(value))

/** `[a, b]` */
export const listed = (items: readonly string[]): string => `[${shortened(items).join(', ')}]`

/** `a or b` */
export const either = (items: readonly string[]): string => shortened(items).join(' or ')

/** `a, b and c` */
export const together = (items: readonly string[]): string =>
  items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1)}` : items.join('')

const shortened = (items: readonly string[]): readonly string[] =>
  items.length > most.values
    ? [...items.slice(0, most.values - 1), `… (${items.length - most.values + 1} more)`]
    : items
