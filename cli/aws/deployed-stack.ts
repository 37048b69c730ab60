import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation'
import * as z from 'zod'
import { type AwsAccount, callAws, clientConfig, readDocument } from './aws-client.ts'

const templateShape = z.object({
  Metadata: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
})

export type DeployedTemplate = z.infer<typeof templateShape>

export interface DeployedStack {
  readonly name: string
  /** `UPDATE_COMPLETE` */
  readonly status: string
  readonly lastUpdated: Date | undefined
  readonly template: DeployedTemplate
  /** By logical id. */
  readonly physicalIds: ReadonlyMap<string, string>
}

/** Undefined when there is no stack of the name. */
export const getDeployedStack = async (account: AwsAccount, name: string): Promise<DeployedStack | undefined> => {
  const client = new CloudFormationClient(clientConfig(account))
  const described = await callAws(
    `DescribeStacks of ${name}`,
    () => client.send(new DescribeStacksCommand({ StackName: name })),
    // CloudFormation has no specific error for it.
    ({ name: type, message }) => type === 'ValidationError' && /does not exist/.test(message),
  )
  const [stack] = described?.Stacks ?? []
  if (!stack) return undefined
  const got = await callAws(`GetTemplate of ${name}`, () => client.send(new GetTemplateCommand({ StackName: name })))
  const physicalIds = await callAws(`ListStackResources of ${name}`, async () => {
    const ids = new Map<string, string>()
    for await (const page of paginateListStackResources({ client }, { StackName: name })) {
      for (const { LogicalResourceId = '', PhysicalResourceId = '' } of page.StackResourceSummaries ?? []) {
        ids.set(LogicalResourceId, PhysicalResourceId)
      }
    }
    return ids
  })
  return {
    name,
    status: stack.StackStatus ?? '',
    lastUpdated: stack.LastUpdatedTime ?? stack.CreationTime,
    template: readDocument(templateShape, got?.TemplateBody ?? '', `the template of ${name}`),
    physicalIds: physicalIds ?? new Map(),
  }
}
