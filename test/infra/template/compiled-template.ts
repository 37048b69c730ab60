import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

const shape = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) })),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })),
})

export type Template = z.output<typeof shape>

export const templateFile = 'cloudformation-template-update-stack.json'

export const readTemplate = async (packageFolder: string): Promise<Template> =>
  shape.parse(JSON.parse(await readFile(join(packageFolder, templateFile), 'utf8')))

/** The properties of every resource of a type. */
export const resourcesOfType = (template: Template, type: string): readonly Readonly<Record<string, unknown>>[] =>
  Object.values(template.Resources)
    .filter((resource) => resource.Type === type)
    .map(({ Properties }) => Properties)

export const propertiesOf = (template: Template, logicalId: string): Readonly<Record<string, unknown>> => {
  const resource = template.Resources[logicalId]
  if (!resource) throw new Error(`no resource ${logicalId} among ${Object.keys(template.Resources).join(', ')}`)
  return resource.Properties
}

export interface Leaf {
  readonly path: readonly string[]
  readonly value: unknown
}

/** Every text, number and truth value of a document, with the keys that lead to it. */
export const leaves = (value: unknown, path: readonly string[] = []): readonly Leaf[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]) => leaves(part, [...path, key]))
    : [{ path, value }]
