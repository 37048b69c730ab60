import { join } from 'node:path'
import * as z from 'zod'
import { runOsls } from '../../osls/index.ts'
import { CannotTell } from '../finding.ts'

/** What serverless.yml becomes with the trust map in it: what osls would compile and deploy, as far as it is compared. */
const shape = z.object({
  provider: z.object({
    endpointType: z.string().default('EDGE'),
    memorySize: z.number(),
    timeout: z.number(),
    apiGateway: z.object({ resourcePolicy: z.array(z.record(z.string(), z.unknown())) }),
  }),
  functions: z.record(
    z.string(),
    z.object({
      name: z.string(),
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
export class NotDerivable extends CannotTell {
  override readonly name = 'NotDerivable'
}

interface Order {
  readonly stage: string
  /** Absolute path of the trust map. */
  readonly access: string
  readonly region: string
}

const root = join(import.meta.dirname, '..', '..', '..')

/** Asks osls, which writes nothing for it. */
export const derive = async ({ stage, access, region }: Order): Promise<Derived> => {
  const { code, said, printed } = await runOsls(root, [
    ...['print', '--format', 'json', '--stage', stage, '--region', region],
    ...['--param', `access=${access}`],
  ])
  if (code !== 0) throw new NotDerivable(reasonIn(said))
  const { provider, functions, resources } = shape.parse(JSON.parse(printed))
  return {
    endpointType: provider.endpointType.toUpperCase(),
    resourcePolicy: provider.apiGateway.resourcePolicy,
    functions: Object.entries(functions).map(([key, fn]) => ({
      ...{ key, name: fn.name, handler: fn.handler, role: fn.role },
      memorySize: fn.memorySize ?? provider.memorySize,
      timeout: fn.timeout ?? provider.timeout,
      environment: fn.environment ?? {},
      routes: fn.events.map(({ http }) => `${http.method} ${http.path}`),
    })),
    resources: new Map(Object.entries(resources.Resources)),
    extensions: new Map(Object.entries(resources.extensions).map(([id, { Properties }]) => [id, Properties])),
  }
}

/** What our own code said, out of what osls wraps around it. */
const reasonIn = (printed: string): string =>
  (/errored with: *\n([\s\S]*?)\n*(?:Environment: |$)/.exec(printed)?.[1] ?? printed).trim()
