import { AccessMapError, routesOf } from '../../../shared/access/index.ts'
import { edit, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'

/** The trust map can be read, and has the stage. */
export const map: Hop = {
  id: 'map',
  title: 'access map',
  needs: [],
  check: ({ map: read, mapName, order }) => {
    try {
      const stage = read()
      return passed(`${mapName}: stage ${order.stage}, ${stage.callers.size} callers, ${routesOf(stage).length} routes`)
    } catch (error) {
      if (!(error instanceof AccessMapError)) throw error
      const { problems, message } = error
      if (problems.length === 0)
        return failed('map-invalid', { evidence: [message], mend: [edit(`${mapName}: ${message}`)] })
      const lines = message.split('\n')
      return failed('map-invalid', { evidence: lines, mend: lines.map(edit) })
    }
  },
}
