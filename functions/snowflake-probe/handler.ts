import { httpFunction, type Story } from '../../shared/http/index.ts'
import { environment } from '../../shared/settings.ts'
import { probeRow } from './probe-row.ts'

let assembled: Promise<Story> | undefined

const assemble = async () => (await import('./assemble.ts')).assembleProbe(environment())

/** Created by the first request: a missing variable becomes an error response instead of a failed cold start. */
const story: Story = async (input, circumstances) => {
  assembled ??= assemble()
  return (await assembled)(input, circumstances)
}

export const handler = httpFunction(story, probeRow)
