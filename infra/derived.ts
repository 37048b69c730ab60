import { resolve } from 'node:path'
import {
  AccessMapError,
  readAccessMap,
  type Stage,
  type StageDocument,
  stageDocument,
  stageDocumentKey,
  stageOf,
} from '../shared/access/index.ts'
import { batchesTables, checkPolling } from './asynchronous-functions.ts'
import type { Additions, Statement } from './cloudformation.ts'
import { checkTrustLength, doorRoles } from './door-roles.ts'
import { executionRoles } from './execution-roles.ts'
import { probeTask } from './fargate/index.ts'
import { functionPermissions } from './function-permissions.ts'
import { functionsOf } from './functions.ts'
import { checkPolicyLength, resourcePolicy } from './resource-policy.ts'
import { checkLogin } from './snowflake-login.ts'
import { checkTargets } from './targets.ts'

/** What serverless.yml takes from the trust map. */
export interface Derived {
  readonly functions: Readonly<Record<string, unknown>>
  readonly resourcePolicy: readonly Statement[]
  readonly resources: Required<Additions> & {
    /** What is deployed says itself from which map: the next deployment is told apart from it. */
    readonly Metadata: { readonly [stageDocumentKey]: StageDocument }
  }
}

/** @param probeImage of the container that probes as a Fargate task; empty: there is none */
export const derive = (stageName: string, stage: Stage, region: string, probeImage = ''): Derived => {
  const policy = resourcePolicy(stageName, stage)
  checkPolicyLength(policy, region)
  checkTrustLength(stage)
  checkPolling(stage)
  checkTargets(stage)
  checkLogin(stage)
  const parts = [
    executionRoles(stageName, stage),
    doorRoles(stageName, stage),
    functionPermissions(stageName, stage),
    batchesTables(stageName, stage),
    probeTask(stageName, stage, region, probeImage),
  ]
  const merged = (section: keyof Additions) => Object.assign({}, ...parts.map((part) => part[section]))
  return {
    functions: functionsOf(stageName, stage, region),
    resourcePolicy: policy,
    resources: {
      Resources: merged('Resources'),
      Outputs: merged('Outputs'),
      extensions: merged('extensions'),
      Metadata: { [stageDocumentKey]: stageDocument(stage) },
    },
  }
}

/** The part of what osls gives to a function in a `${file(…)}` that is used here. */
interface Variables {
  readonly resolveVariable: (variable: string) => Promise<unknown>
}

/** For `${file(infra/derived.cjs)}`: one call, so that a fault in the map is told once. */
export const derivedForOsls = async ({ resolveVariable }: Variables): Promise<Derived> => {
  const stageName = String(await resolveVariable('sls:stage'))
  const region = String(await resolveVariable('self:provider.region'))
  const accessMap = String(await resolveVariable("param:access, 'access.yml'"))
  const probeImage = String(await resolveVariable("param:probe-image, ''"))
  try {
    const map = readAccessMap(resolve(import.meta.dirname, '..', accessMap), accessMap)
    return derive(stageName, stageOf(map, stageName), region, probeImage)
  } catch (error) {
    // osls prints the stack. Of a fault in the map the message says everything.
    if (error instanceof AccessMapError) error.stack = `\n${error.message}`
    throw error
  }
}
