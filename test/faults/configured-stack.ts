import { runDoctorChecks } from '../../cli/checks/doctor-checks.ts'
import { createDoctorContext } from '../../cli/checks/doctor-context.ts'
import type { CheckReport } from '../../cli/checks/run-checks.ts'
import { createLocalStackClient } from '../../cli/local-stack/local-stack-client.ts'
import { copyAccessMap } from '../../cli/start/access-map-copy.ts'
import { applySetup } from '../../cli/start/baseline.ts'
import type { FaultPlan, MapEdit } from '../../cli/start/fault-plan.ts'
import { injectFault } from '../../cli/start/inject-fault.ts'
import { type FaultMapContext, type FaultName, findFault } from '../../local/faults/index.ts'
import { startStack } from '../../local/stack.ts'
import { readAccessMap, stageOf } from '../../shared/access/index.ts'
import { compile } from '../infra/compile.ts'
import { serviceMap } from '../service-map.ts'
import { readDeploymentState, readStackState } from './stack-state.ts'

export const stageName = 'dev'

/** Longer than any check takes, and shorter than Snowflake goes on asking a service that fails. */
const doctorTimeoutMs = 60_000

const within = async <Value>(milliseconds: number, work: Promise<Value>): Promise<Value> => {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(reject, milliseconds, new Error(`The doctor has not ended after ${milliseconds} ms.`))
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

const contextOf = (access: string): FaultMapContext => ({ stageName, stage: stageOf(readAccessMap(access), stageName) })

/** As it crosses from the local stack to the command line. */
const asJson = (edits: unknown) => JSON.parse(JSON.stringify(edits)) as readonly MapEdit[]

/** What the map has to say besides, so that all of these faults can be injected. */
const prerequisiteEdits = (faults: readonly FaultName[], access: string): readonly MapEdit[] =>
  asJson(faults.flatMap((name) => findFault(name)?.prerequisites?.(contextOf(access)) ?? []))

/** What `local/faults/main.ts` prints, without a process of its own. */
const planOf = (fault: FaultName, access: string): FaultPlan => {
  const { map, stopped = false } = findFault(fault) ?? {}
  const edits = [...asJson(map?.edits(contextOf(access)) ?? [])]
  return { prerequisites: [], edits, deployed: map?.deployed ?? false, stopped }
}

/** A stack in this process, set up as `start --break` sets it up, from a copy of the tests' map. Faults are injected into it. */
export const startConfiguredStack = async (faults: readonly FaultName[] = []) => {
  await using started = new AsyncDisposableStack()
  const map = await copyAccessMap(serviceMap)
  started.defer(map.remove)
  await map.edit(stageName, prerequisiteEdits(faults, map.path))
  const packageMap = () => compile({ stage: stageName, accessMap: map.path })
  const log: string[] = []
  const running = await startStack({
    packageDirectory: await packageMap(),
    accessMapPath: map.path,
    port: 0,
    seed: 'test',
    print: (line) => log.push(line),
  })
  started.defer(running.stop)
  const stack = createLocalStackClient(running.url)
  await applySetup(stack, stageName, stageOf(readAccessMap(map.path), stageName))

  const inject = async (fault: FaultName): Promise<void> => {
    await injectFault({ stack, stageName, fault, plan: planOf(fault, map.path), map, packageMap })
  }

  /** As `curl -X DELETE` does. */
  const withdrawFault = async (): Promise<number> => {
    const { status } = await fetch(`${running.url}/_snowgate/fault`, { method: 'DELETE' })
    return status
  }

  /** As `snowgate deploy --local` deploys the map as it is now. */
  const deploy = async () => {
    await stack.deploy({ packageDirectory: await packageMap(), accessMap: map.path, stage: stageName })
  }

  const openDoctor = () =>
    createDoctorContext({ stage: stageName, access: map.path, backend: { kind: 'local', stack } }, map.path)

  /** All checks of the doctor. */
  const diagnose = async (): Promise<readonly CheckReport[]> => {
    const options = { stage: stageName, access: map.path, backend: { kind: 'local' as const, stack } }
    return within(doctorTimeoutMs, runDoctorChecks(options, map.path, { started: () => {}, finished: () => {} }))
  }

  const ended = started.move()
  return {
    url: running.url,
    stack,
    map,
    log,
    inject,
    withdrawFault,
    deploy,
    diagnose,
    state: () => readStackState(stack, map.path),
    deploymentState: () => readDeploymentState(openDoctor()),
    stopStack: running.stop,
    [Symbol.asyncDispose]: () => ended.disposeAsync(),
  }
}

export type ConfiguredStack = Awaited<ReturnType<typeof startConfiguredStack>>
