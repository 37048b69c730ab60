import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { z } from 'zod'
import { type AwsProfile, awsClientSettings } from '../aws/aws-settings.ts'
import { awsCommandFailure } from './deployment-errors.ts'

export interface StackStatus {
  /** `UPDATE_COMPLETE` */
  readonly status: string
  readonly reason: string | undefined
}

/** Reads one stack from CloudFormation. Each function throws CommandFailure with a fix. */
export interface CloudFormationStack {
  /** Undefined when there is none of that name. */
  readonly status: () => Promise<StackStatus | undefined>
  /** As it was deployed, parsed. */
  readonly template: () => Promise<unknown>
  /** The physical id of a resource. */
  readonly idOf: (logicalId: string) => Promise<string | undefined>
}

/** At the endpoint of `AWS_ENDPOINT_URL`, if that is set. */
export const createStackReader = async (
  StackName: string,
  { region, ...from }: AwsLocation,
): Promise<CloudFormationStack> => {
  // Loaded when it is needed: most commands do without.
  const sdk = await import('@aws-sdk/client-cloudformation')
  const client = new sdk.CloudFormationClient(awsClientSettings(from, region))
  const callCloudFormation = async <Answer>(
    action: string,
    send: (client: CloudFormationClient) => Promise<Answer>,
  ): Promise<Answer> => {
    try {
      return await send(client)
    } catch (error) {
      throw awsCommandFailure(error, `cloudformation:${action}`)
    }
  }
  return {
    status: () =>
      callCloudFormation('DescribeStacks', async () => {
        const [stack] = await client.send(new sdk.DescribeStacksCommand({ StackName })).then(
          ({ Stacks = [] }) => Stacks,
          (error: unknown) => {
            if (isMissing(error)) return []
            throw error
          },
        )
        return stack && { status: stack.StackStatus ?? '', reason: stack.StackStatusReason }
      }),
    template: () =>
      callCloudFormation('GetTemplate', async () => {
        const { TemplateBody = '' } = await client.send(new sdk.GetTemplateCommand({ StackName }))
        return JSON.parse(TemplateBody)
      }),
    idOf: (logicalId) =>
      callCloudFormation('ListStackResources', async () => {
        for await (const { StackResourceSummaries: some = [] } of sdk.paginateListStackResources(
          { client },
          { StackName },
        )) {
          const found = some.find(({ LogicalResourceId }) => LogicalResourceId === logicalId)
          if (found) return found.PhysicalResourceId
        }
        return undefined
      }),
  }
}

export interface AwsLocation extends AwsProfile {
  readonly region: string
}

/** CloudFormation has no specific error for it. */
const isMissing = (error: unknown): boolean => {
  const { name, message } = validationError.safeParse(error).data ?? {}
  return name === 'ValidationError' && /does not exist/.test(message ?? '')
}

const validationError = z.object({ name: z.string(), message: z.string() })
