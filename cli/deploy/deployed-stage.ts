import { z } from 'zod'
import { stageDocumentKey } from '../../shared/access/index.ts'

/**
 * The stage of the map that a template remembers. Read loosely: what is deployed may come from another version of snowgate,
 * with routes and keys that this one does not know.
 */
const deployedCaller = z.object({
  iamUserArn: z.string().optional(),
  principals: z.array(z.string()).default([]),
  direct: z.boolean().default(false),
  externalIds: z.array(z.string()).default([]),
  routes: z.array(z.string()).default([]),
})

const deployedTarget = z.object({
  url: z.string(),
  service: z.string(),
  region: z.string(),
  roleArn: z.string().optional(),
  externalId: z.string().optional(),
  allow: z.array(z.string()).default([]),
  allowPrivate: z.boolean().default(false),
})

const deployedStage = z.object({
  callers: z.record(z.string(), deployedCaller),
  targets: z.record(z.string(), deployedTarget).default({}),
  snowflake: z.record(z.string(), z.unknown()).optional(),
})

export type DeployedCaller = z.infer<typeof deployedCaller>
export type DeployedTarget = z.infer<typeof deployedTarget>
export interface DeployedStage extends z.infer<typeof deployedStage> {
  /** Of the container that probes as a Fargate task. */
  readonly probeImage?: string
}

const probeTask = z.object({
  Resources: z.object({
    SnowflakeProbeTask: z.object({
      Properties: z.object({ ContainerDefinitions: z.tuple([z.object({ Image: z.string() })]) }),
    }),
  }),
})

const probeImageIn = (body: unknown): string | undefined =>
  probeTask.safeParse(body).data?.Resources.SnowflakeProbeTask.Properties.ContainerDefinitions[0].Image

const template = z.object({
  Metadata: z.object({ [stageDocumentKey]: deployedStage }),
})

const resources = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) })

/** The types of what a template makes. */
export const typesIn = (body: unknown): ReadonlySet<string> =>
  new Set(Object.values(resources.safeParse(body).data?.Resources ?? {}).map(({ Type }) => Type))

/** `not-deployed`: there is no API, as after a failed first deployment. `unknown`: the template has no access map. */
export const stageOfTemplate = (body: unknown): DeployedStage | 'not-deployed' | 'unknown' => {
  const { data } = template.safeParse(body)
  if (data) {
    const probeImage = probeImageIn(body)
    return { ...data.Metadata[stageDocumentKey], ...(probeImage !== undefined && { probeImage }) }
  }
  return typesIn(body).has('AWS::Lambda::Function') ? 'unknown' : 'not-deployed'
}
