import { stageDocument, stageDocumentKey } from '../../shared/access/index.ts'
import { changesOf } from '../deploy/access-changes.ts'
import { stageOfTemplate } from '../deploy/deployed-stage.ts'
import type { Check } from './check.ts'
import { NotDerivable } from './derived-template.ts'
import type { DoctorContext } from './doctor-context.ts'
import { command, edit, type Finding, failed, passed } from './finding.ts'
import { redeploy } from './fixes.ts'
import { compareTemplates } from './template-comparison.ts'

/** The stage is deployed, and the deployment is at its end. */
export const stackCheck: Check = {
  id: 'stack',
  title: 'CloudFormation stack',
  needs: ['identity'],
  inspect: async (context) => {
    const found = await context.stack()
    const { region, accountId } = await context.location()
    const where = `in account ${accountId}, ${region}`
    if (!found) return stackNotDeployed(context, `stack ${context.stackName} does not exist ${where}`)
    const { status, lastUpdated } = found
    if (/IN_PROGRESS$/.test(status)) {
      return { outcome: 'skipped', reason: `a deployment of ${context.stackName} is in progress (${status})` }
    }
    if (/^ROLLBACK_|_FAILED$/.test(status))
      return stackNotDeployed(context, `stack ${context.stackName} ${where} is ${status}`)
    return passed(`${context.stackName} ${where}, ${status} ${lastUpdated?.toISOString() ?? ''}`.trim())
  },
}

const stackNotDeployed = async (context: DoctorContext, observation: string) => {
  const { options } = context
  if (options.backend.kind === 'aws')
    return failed('not-deployed', { evidence: [observation], fixes: [redeploy(context)] })
  const { stage } = await options.backend.stack.service()
  return failed('not-deployed', {
    evidence: [observation, `the local stack runs stage ${stage}`],
    fixes: [command(`npx snowgate start --stage ${options.stage}`)],
  })
}

/** The stage was deployed from this map, and its template is the one that the map gives today. */
export const templateCheck: Check = {
  id: 'template',
  title: 'deployed template',
  needs: ['stack', 'polls'],
  inspect: async (context) => {
    const { stack, mapName } = context
    const deployed = (await stack())?.template ?? { Metadata: {}, Resources: {} }
    const changed = changesSinceDeployment(deployed, context)
    if (changed.length > 0) return templateOutdated(changed, context)
    try {
      const lines = compareTemplates(await context.derived(), deployed)
      if (lines.length > 0) return templateOutdated(lines, context)
      return passed(`matches ${mapName}`)
    } catch (error) {
      if (!(error instanceof NotDerivable)) throw error
      return failed('map-invalid', { evidence: [error.message], fixes: [edit(`${mapName}: ${error.message}`)] })
    }
  },
}

/** A template remembers the stage that it was compiled from; one that does not is older than that. */
const changesSinceDeployment = (deployed: unknown, { map }: DoctorContext): readonly string[] => {
  const before = stageOfTemplate(deployed)
  const now = stageOfTemplate({ Metadata: { [stageDocumentKey]: stageDocument(map()) } })
  if (typeof before === 'string' || typeof now === 'string') return []
  return changesOf(before, now).flatMap(({ kind, name, changes }) =>
    changes.map(
      ({ sign, summary }) => `${kind} ${name}: ${summary} (${sign === '+' ? 'not deployed' : 'still deployed'})`,
    ),
  )
}

const maxEvidenceLines = 8

const templateOutdated = (lines: readonly string[], context: DoctorContext): Finding => {
  const more = lines.length > maxEvidenceLines ? [`… and ${lines.length - maxEvidenceLines} more`] : []
  return failed('map-not-deployed', {
    evidence: [...lines.slice(0, maxEvidenceLines), ...more],
    fixes: [redeploy(context)],
  })
}
