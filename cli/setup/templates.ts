import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fillTemplate, sql, type Values } from './fill-template.ts'

const folder = join(import.meta.dirname, '../../infra/snowflake')

export const template = (file: string) => readFileSync(join(folder, file), 'utf8')

export const fill = (file: string, values: Values) => fillTemplate(template(file), values, sql)
