import { resolve } from 'node:path'
import {
  AccessMapError,
  readAccessMap,
  type Stage,
  type StageDocument,
  stageDocument,
  stageDocumentKey,
  stageOf,
} from '../../shared/access/index.ts'
import { batchesTables, checkPolling } from './asynchronous-functions.ts'
import { callerRoles, checkTrustLength } from './caller-roles.ts'
import type { Statement, TemplateAdditions } from './cloudformation.ts'
import { executionRoles } from './execution-roles.ts'
import { probeTask } from './fargate-task.ts'
import { functionDefinitions } from './function-definitions.ts'
import { functionPermissions } from './function-permissions.ts'
import { checkPolicyLength, resourcePolicy } from './resource-policy.ts'
import { checkLogin } from './snowflake-login-permissions.ts'
import { checkTargets } from './target-permissions.ts'

/** The parts of serverless.yml that are derived from the access map. */
export interface DerivedTemplate {
  readonly functions: Readonly<Record<string, unknown>>
  readonly resourcePolicy: readonly Statement[]
  readonly resources: Required<TemplateAdditions> & {
    /** The stage document, so that the next deployment can compare itself with the deployed one. */
    readonly Metadata: { readonly [stageDocumentKey]: StageDocument }
  }
}

/** @param probeImage of the container that runs the probe as a Fargate task; empty: no task */
export const deriveTemplate = (stageName: string, stage: Stage, region: string, probeImage = ''): DerivedTemplate => {
  const policy = resourcePolicy(stageName, stage)
  checkPolicyLength(policy, region)
  checkTrustLength(stage)
  checkPolling(stage)
  checkTargets(stage)
  checkLogin(stage)
  const parts = [
    executionRoles(stageName, stage),
    callerRoles(stageName, stage),
    functionPermissions(stageName, stage),
    batchesTables(stageName, stage),
    probeTask(stageName, stage, region, probeImage),
  ]
  const merged = (section: keyof TemplateAdditions) => Object.assign({}, ...parts.map((part) => part[section]))
  return {
    functions: functionDefinitions(stageName, stage, region),
    resourcePolicy: policy,
    resources: {
      Resources: merged('Resources'),
      Outputs: merged('Outputs'),
      extensions: merged('extensions'),
      Metadata: { [stageDocumentKey]: stageDocument(stage) },
    },
  }
}

/** The used part of the argument that osls passes to a function in `${file(…)}`. */
interface OslsVariables {
  readonly resolveVariable: (variable: string) => Promise<unknown>
}

/** For `${file(infra/template/derive-template.cjs)}`: one call, so that an error in the access map is printed once. */
export const resolveForOsls = async ({ resolveVariable }: OslsVariables): Promise<DerivedTemplate> => {
  const stageName = String(await resolveVariable('sls:stage'))
  const region = String(await resolveVariable('self:provider.region'))
  const accessMap = String(await resolveVariable("param:access, 'access.yml'"))
  const probeImage = String(await resolveVariable("param:probe-image, ''"))
  try {
    const map = readAccessMap(resolve(import.meta.dirname, '..', '..', accessMap), accessMap)
    return deriveTemplate(stageName, stageOf(map, stageName), region, probeImage)
  } catch (error) {
    // osls prints the stack. For an error in the access map the message is enough.
    if (error instanceof AccessMapError) error.stack = `\n${error.message}`
    throw error
  }
}
