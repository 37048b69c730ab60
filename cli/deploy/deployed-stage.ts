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
export type DeployedStage = z.infer<typeof stage>

const template = z.object({
  Metadata: z.object({ [stageDocumentKey]: stage }),
})

const withApi = z.object({ Resources: z.object({ ApiGatewayRestApi: z.unknown() }) })

/** `nobody`: there is no API yet, as after a first deployment that failed. `untold`: there is one, and it does not say. */
export const stageOfTemplate = (body: unknown): DeployedStage | 'nobody' | 'untold' => {
  const { data } = template.safeParse(body)
  if (data) return data.Metadata[stageDocumentKey]
  return withApi.safeParse(body).data?.Resources.ApiGatewayRestApi === undefined ? 'nobody' : 'untold'
}
