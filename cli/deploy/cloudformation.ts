import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { z } from 'zod'
import { type AwsProfile, awsClientSettings } from '../signing/index.ts'
import { awsFailure } from './aws-failure.ts'

export interface StackState {
  /** `UPDATE_COMPLETE` */
  readonly status: string
  readonly reason: string | undefined
}

/** What CloudFormation knows of one stack. Each throws CommandFailure, which says what to do. */
export interface Stack {
  /** Undefined when there is none of that name. */
  readonly state: () => Promise<StackState | undefined>
  /** As it was deployed, parsed. */
  readonly template: () => Promise<unknown>
  /** The physical id of a resource. */
  readonly idOf: (logicalId: string) => Promise<string | undefined>
}

/** At the endpoint of `AWS_ENDPOINT_URL`, if that is set. */
export const openStack = async (StackName: string, { region, ...from }: Place): Promise<Stack> => {
  // Loaded when it is needed: most commands do without.
  const sdk = await import('@aws-sdk/client-cloudformation')
  const client = new sdk.CloudFormationClient(awsClientSettings(from, region))
  const ask = async <Answer>(
    action: string,
    send: (client: CloudFormationClient) => Promise<Answer>,
  ): Promise<Answer> => {
    try {
      return await send(client)
    } catch (error) {
      throw awsFailure(error, `cloudformation:${action}`)
    }
  }
  return {
    state: () =>
      ask('DescribeStacks', async () => {
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
      ask('GetTemplate', async () => {
        const { TemplateBody = '' } = await client.send(new sdk.GetTemplateCommand({ StackName }))
        return JSON.parse(TemplateBody)
      }),
    idOf: (logicalId) =>
      ask('ListStackResources', async () => {
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

export interface Place extends AwsProfile {
  readonly region: string
}

/** CloudFormation has no error of its own for it. */
const isMissing = (error: unknown): boolean => {
  const { name, message } = missing.safeParse(error).data ?? {}
  return name === 'ValidationError' && /does not exist/.test(message ?? '')
}

const missing = z.object({ name: z.string(), message: z.string() })
