import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chain } from '../../cli/doctor/chain.ts'
import { derive } from '../../cli/doctor/derived/index.ts'
import { openPatient, type Patient } from '../../cli/doctor/patient.ts'
import { type Report, walk } from '../../cli/doctor/walk.ts'
import { openLocalStack } from '../../cli/local-stack/index.ts'
import type { Plan } from '../../cli/start/faults.ts'
import { breakIt, copyMap, setUpWhole } from '../../cli/start/index.ts'
import { type FaultName, findFault } from '../../local/faults/index.ts'
import { startStack } from '../../local/stack.ts'
import { readAccessMap, stageOf } from '../../shared/access/index.ts'
import { compile, temporaryFolder } from '../infra/compile.ts'

const stageName = 'dev'

/** Longer than any hop takes, and shorter than Snowflake goes on asking a service that fails. */
const mostPatience = 60_000

const within = async <Value>(milliseconds: number, work: Promise<Value>): Promise<Value> => {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(reject, milliseconds, new Error(`The doctor has not ended after ${milliseconds} ms.`))
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}

/** Maps of the same text are compiled once, under a path of their own. */
const paths = new Map<string, Promise<string>>()

const pathOf = (text: string): Promise<string> => {
  const known =
    paths.get(text) ??
    (async () => {
      const path = join(await temporaryFolder(), 'access.yml')
      await writeFile(path, text)
      return path
    })()
  paths.set(text, known)
  return known
}

const packageOf = async (text: string): Promise<string> => compile({ stage: stageName, accessMap: await pathOf(text) })

const derivedOf = new Map<string, ReturnType<Patient['derived']>>()

/** What `local/faults/main.ts` prints, without a process of its own. */
const planOf = (fault: FaultName, access: string): Plan => {
  const { given, map, stopped = false } = findFault(fault) ?? {}
  const scene = { stageName, stage: stageOf(readAccessMap(access), stageName) }
  const plain = (edits: unknown) => JSON.parse(JSON.stringify(edits)) as Plan['edits']
  return {
    given: plain(given?.(scene) ?? []),
    edits: plain(map?.edits(scene) ?? []),
    deployed: map?.deployed ?? false,
    stopped,
  }
}

/** A world in this process, set up whole from a copy of access.yml; without a fault it stays so. */
export const startWorld = async (fault?: FaultName) => {
  const map = await copyMap('access.yml')
  const nothing: Plan = { given: [], edits: [], deployed: false, stopped: false }
  const plan = fault === undefined ? nothing : planOf(fault, map.path)
  await map.edit(stageName, plan.given)
  const mapText = () => readFile(map.path, 'utf8')
  const packageMap = async () => packageOf(await mapText())
  const log: string[] = []
  const running = await startStack({
    packageDirectory: await packageMap(),
    accessMapPath: map.path,
    port: 0,
    seed: 'test',
    print: (line) => log.push(line),
  })
  const stack = openLocalStack(running.url)
  if (plan.stopped) await running.stop()
  else if (fault === undefined) await setUpWhole(stack, stageName, stageOf(readAccessMap(map.path), stageName))
  else await breakIt({ stack, stageName, fault, plan, map, packageMap })

  /** As `snowgate deploy --local` deploys the map as it is now. */
  const deploy = async () => {
    await stack.deploy({ packageDirectory: await packageMap(), accessMap: map.path, stage: stageName })
  }

  /** Every hop of the doctor; what osls makes of a map is asked once for each text. */
  const look = async (): Promise<readonly Report[]> => {
    const order = { stage: stageName, access: map.path, world: { kind: 'local' as const, stack } }
    const fresh = openPatient(order, map.path)
    const derived = async () => {
      const text = await mapText()
      const access = await pathOf(text)
      const made = derivedOf.get(text) ?? derive({ stage: stageName, access, region: 'eu-central-1' })
      derivedOf.set(text, made)
      return made
    }
    const silent = { begins: () => {}, ends: () => {} }
    const callers = (() => {
      try {
        return fresh.map()
      } catch {
        return undefined
      }
    })()
    return within(mostPatience, walk(chain(callers), { ...fresh, derived }, silent))
  }

  return {
    ...{ url: running.url, stack, map, log, deploy, look },
    [Symbol.asyncDispose]: async () => {
      if (!plan.stopped) await running.stop()
      await map.remove()
    },
  }
}

export type BrokenWorld = Awaited<ReturnType<typeof startWorld>>
