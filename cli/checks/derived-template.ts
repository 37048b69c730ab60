import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'
import { deriveTemplate } from '../../infra/template/derive-template.ts'
import { AccessMapError, lambdaFunctionName, readAccessMap, stageOf } from '../../shared/access/index.ts'
import { InconclusiveError } from '../command-failure.ts'

/** The settings of serverless.yml for every function and the API that are compared. */
const serviceFile = z.object({
  provider: z.object({ endpointType: z.string().default('EDGE'), memorySize: z.number(), timeout: z.number() }),
})

/** The settings that come from the access map and are compared. */
const derivedShape = z.object({
  resourcePolicy: z.array(z.record(z.string(), z.unknown())),
  functions: z.record(
    z.string(),
    z.object({
      handler: z.string(),
      role: z.unknown(),
      memorySize: z.number().optional(),
      timeout: z.number().optional(),
      environment: z.record(z.string(), z.string()).optional(),
      events: z.array(z.object({ http: z.object({ method: z.string(), path: z.string() }) })).default([]),
    }),
  ),
  resources: z.object({
    Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) })),
    extensions: z.record(z.string(), z.object({ Properties: z.record(z.string(), z.unknown()) })),
  }),
})

export interface Derived {
  /** `REGIONAL` */
  readonly endpointType: string
  readonly resourcePolicy: readonly Readonly<Record<string, unknown>>[]
  readonly functions: readonly DerivedFunction[]
  readonly resources: ReadonlyMap<string, DerivedResource>
  /** Properties of resources that osls itself writes, by logical id. */
  readonly extensions: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

export interface DerivedFunction {
  /** On the map: `hello`. */
  readonly key: string
  /** At Lambda. */
  readonly name: string
  readonly handler: string
  /** What refers to its role. */
  readonly role: unknown
  readonly memorySize: number
  readonly timeout: number
  readonly environment: Readonly<Record<string, string>>
  /** `POST /hello` */
  readonly routes: readonly string[]
}

export interface DerivedResource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}

/** Nothing can be derived from the map: what is wrong with it shows first where all of it is put together. */
export class NotDerivable extends InconclusiveError {
  override readonly name = 'NotDerivable'
}

interface DeriveOptions {
  readonly stage: string
  /** Absolute path of the access map. */
  readonly access: string
  readonly region: string
}

const root = join(import.meta.dirname, '..', '..')

/** What the template takes from the map, by the functions that osls calls for it, and what it takes from serverless.yml. */
export const derive = async ({ stage, access, region }: DeriveOptions): Promise<Derived> => {
  const { provider } = serviceFile.parse(parse(await readFile(join(root, 'serverless.yml'), 'utf8')))
  const { resourcePolicy, functions, resources } = derivedShape.parse(fromMap(access, stage, region))
  return {
    endpointType: provider.endpointType.toUpperCase(),
    resourcePolicy,
    functions: Object.entries(functions).map(([key, { handler, role, ...fn }]) => ({
      key,
      name: lambdaFunctionName(stage, key),
      handler,
      role,
      memorySize: fn.memorySize ?? provider.memorySize,
      timeout: fn.timeout ?? provider.timeout,
      environment: fn.environment ?? {},
      routes: fn.events.map(({ http }) => `${http.method} ${http.path}`),
    })),
    resources: new Map(Object.entries(resources.Resources)),
    extensions: new Map(Object.entries(resources.extensions).map(([id, { Properties }]) => [id, Properties])),
  }
}

const fromMap = (access: string, stage: string, region: string): unknown => {
  try {
    return deriveTemplate(stage, stageOf(readAccessMap(access), stage), region)
  } catch (error) {
    if (error instanceof AccessMapError) throw new NotDerivable(error.message)
    throw error
  }
}
