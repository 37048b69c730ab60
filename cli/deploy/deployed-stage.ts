import { z } from 'zod'
import { stageDocumentKey } from '../../shared/access/index.ts'

/**
 * The stage of the map that a template remembers. Read loosely: what is deployed may come from another version of snowgate,
 * with routes and keys that this one does not know.
 */
const caller = z.object({
  iamUserArn: z.string().optional(),
  principals: z.array(z.string()).default([]),
  direct: z.boolean().default(false),
  externalIds: z.array(z.string()).default([]),
  routes: z.array(z.string()).default([]),
})

const target = z.object({
  url: z.string(),
  service: z.string(),
  region: z.string(),
  roleArn: z.string().optional(),
  externalId: z.string().optional(),
  allow: z.array(z.string()).default([]),
  allowPrivate: z.boolean().default(false),
})

const stage = z.object({
  callers: z.record(z.string(), caller),
  targets: z.record(z.string(), target).default({}),
  snowflake: z.record(z.string(), z.unknown()).optional(),
})

export type DeployedCaller = z.infer<typeof caller>
export type DeployedTarget = z.infer<typeof target>
export interface DeployedStage extends z.infer<typeof stage> {
  /** Of the container that probes as a Fargate task. */
  readonly probeImage?: string
}

const task = z.object({
  Resources: z.object({
    SnowflakeProbeTask: z.object({
      Properties: z.object({ ContainerDefinitions: z.tuple([z.object({ Image: z.string() })]) }),
    }),
  }),
})

const probeImageIn = (body: unknown): string | undefined =>
  task.safeParse(body).data?.Resources.SnowflakeProbeTask.Properties.ContainerDefinitions[0].Image

const template = z.object({
  Metadata: z.object({ [stageDocumentKey]: stage }),
})

const resources = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) })

/** The types of what a template makes. */
export const typesIn = (body: unknown): ReadonlySet<string> =>
  new Set(Object.values(resources.safeParse(body).data?.Resources ?? {}).map(({ Type }) => Type))

/** `nobody`: there is nothing to call, as after a first deployment that failed. `untold`: there is, and it does not say. */
export const stageOfTemplate = (body: unknown): DeployedStage | 'not-deployed' | 'unknown' => {
  const { data } = template.safeParse(body)
  if (data) {
    const probeImage = probeImageIn(body)
    return { ...data.Metadata[stageDocumentKey], ...(probeImage !== undefined && { probeImage }) }
  }
  return typesIn(body).has('AWS::Lambda::Function') ? 'unknown' : 'not-deployed'
}
