import { explain } from './explain/index.ts'

/** What people who got these words need to know; undefined where nobody here knows them. */
export const hintFor = (body: string): string | undefined => {
  const [explained] = explain(body)
  if (!explained) return undefined
  const { means, remedy, causes } = explained
  if (remedy !== undefined) return remedy
  if (causes.length > 1) return `${means} snowgate explain tells its ${causes.length} causes apart.`
  return [means, ...causes.map(({ mend }) => mend)].join(' ')
}
