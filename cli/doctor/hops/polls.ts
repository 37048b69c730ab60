import { routeText, type SnowflakeCaller, type Stage } from '../../../shared/access/index.ts'
import { edit, failed, passed } from '../finding.ts'
import type { Hop } from '../hop.ts'

/** Whoever may send Snowflake's batches to an asynchronous function may ask for them as well. */
export const polls: Hop = {
  id: 'polls',
  title: 'poll routes',
  needs: ['map'],
  check: ({ map, mapName, lineOf, order }) => {
    const lacking = lackingPolls(map())
    const [first] = lacking
    if (!first) return passed('every asynchronous route has its GET route')
    return failed('poll-route-missing', {
      evidence: lacking.map(({ caller, path }) => `caller ${caller} has POST ${path} but not GET ${path}`),
      mend: lacking.map(({ caller, path }) =>
        edit(`${mapName}:${lineOf([order.stage, 'callers', caller, 'routes'])}  add GET ${path} next to POST ${path}`),
      ),
    })
  },
}

const lackingPolls = ({ callers }: Stage) =>
  [...callers].flatMap(([caller, entry]) =>
    entry.kind === 'snowflake' ? pathsLacking(entry).map((path) => ({ caller, path })) : [],
  )

const pathsLacking = ({ routes }: SnowflakeCaller): readonly string[] => {
  const texts = new Set(routes.map(routeText))
  return routes
    .filter(({ asynchronous, method, path }) => asynchronous && method === 'POST' && !texts.has(`GET ${path}`))
    .map(({ path }) => path)
}
