import { AccessMapError, routesOf, routeText, type SnowflakeCaller, type Stage } from '../../shared/access/index.ts'
import type { Check } from './check.ts'
import { edit, failed, passed } from './finding.ts'

/** The access map is valid and has the stage. */
export const accessMapCheck: Check = {
  id: 'map',
  title: 'access map',
  needs: [],
  inspect: ({ map: read, mapName, options }) => {
    try {
      const stage = read()
      return passed(
        `${mapName}: stage ${options.stage}, ${stage.callers.size} callers, ${routesOf(stage).length} routes`,
      )
    } catch (error) {
      if (!(error instanceof AccessMapError)) throw error
      const { problems, message } = error
      if (problems.length === 0)
        return failed('map-invalid', { evidence: [message], fixes: [edit(`${mapName}: ${message}`)] })
      const lines = message.split('\n')
      return failed('map-invalid', { evidence: lines, fixes: lines.map(edit) })
    }
  },
}

/** A Snowflake caller that can post batches to an asynchronous function can poll them, too. */
export const pollRoutesCheck: Check = {
  id: 'polls',
  title: 'poll routes',
  needs: ['map'],
  inspect: ({ map, mapName, lineOf, options }) => {
    const lacking = missingPollRoutes(map())
    const [first] = lacking
    if (!first) return passed('every asynchronous route has its GET route')
    return failed('poll-route-missing', {
      evidence: lacking.map(({ caller, path }) => `caller ${caller} has POST ${path} but not GET ${path}`),
      fixes: lacking.map(({ caller, path }) =>
        edit(
          `${mapName}:${lineOf([options.stage, 'callers', caller, 'routes'])}  add GET ${path} next to POST ${path}`,
        ),
      ),
    })
  },
}

const missingPollRoutes = ({ callers }: Stage) =>
  [...callers].flatMap(([caller, entry]) =>
    entry.kind === 'snowflake' ? pathsWithoutPoll(entry).map((path) => ({ caller, path })) : [],
  )

const pathsWithoutPoll = ({ routes }: SnowflakeCaller): readonly string[] => {
  const texts = new Set(routes.map(routeText))
  return routes
    .filter(({ asynchronous, method, path }) => asynchronous && method === 'POST' && !texts.has(`GET ${path}`))
    .map(({ path }) => path)
}
