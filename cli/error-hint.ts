import { explain } from './explain/explain.ts'

/** What the error means and how to fix it; undefined for an unknown error. */
export const hintFor = (body: string): string | undefined => {
  const [explained] = explain(body)
  if (!explained) return undefined
  const { summary, remedy, causes } = explained
  if (remedy !== undefined) return remedy
  if (causes.length > 1) return `${summary} Compare its ${causes.length} causes with: npx snowgate explain`
  return [summary, ...causes.map(({ fix }) => fix)].join(' ')
}
