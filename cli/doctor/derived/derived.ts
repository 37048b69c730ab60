import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'

/** What serverless.yml becomes with the trust map in it: what osls would compile and deploy, as far as it is compared. */
const shape = z.object({
  provider: z.object({
    region: z.string(),
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
  /** Where `osls deploy` deploys to. */
  readonly region: string
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
export class NotDerivable extends Error {
  override readonly name = 'NotDerivable'
}

interface Order {
  readonly stage: string
  /** Absolute path of the trust map. */
  readonly access: string
  readonly region: string | undefined
}

const root = join(import.meta.dirname, '..', '..', '..')

/** Asks osls, which writes nothing for it. */
export const derive = async ({ stage, access, region }: Order): Promise<Derived> => {
  const bin = join(root, 'node_modules', '.bin')
  const args = ['print', '--format', 'json', '--stage', stage, '--param', `access=${access}`]
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` }
  const { stdout } = await promisify(execFile)(
    join(bin, 'osls'),
    region === undefined ? args : [...args, '--region', region],
    { cwd: root, env, maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { readonly stdout?: string; readonly stderr?: string }) => {
    throw new NotDerivable(reasonIn(`${error.stdout ?? ''}${error.stderr ?? ''}`))
  })
  const { provider, functions, resources } = shape.parse(JSON.parse(stdout))
  return {
    region: provider.region,
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
