export { causeInWords, explain } from './explain.ts'
export { renderCause, renderExplained } from './render.ts'
