import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { causesInMarkdown } from './causes-in-markdown.ts'

/** Writes the causes into docs/errors.md, behind the line that says so: node test/docs/write-causes.ts */

const page = join(import.meta.dirname, '../../docs/errors.md')
const mark = '<!-- From shared/diagnoses/causes, by test/docs/write-causes.ts -->\n'

const [written = ''] = readFileSync(page, 'utf8').split(mark)
writeFileSync(page, `${written}${mark}\n${causesInMarkdown()}\n`)
