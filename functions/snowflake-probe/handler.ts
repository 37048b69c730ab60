import { httpFunction, type Story } from '../../shared/http/index.ts'
import { environment } from '../../shared/settings.ts'
import { probeRow } from './probe-row.ts'

let assembled: Promise<Story> | undefined

const assemble = async () => (await import('./assemble.ts')).assembleProbe(environment())

/** Made by the first request: a setting that is missing is an answer then, and not a dead cold start. */
const story: Story = async (input, circumstances) => {
  assembled ??= assemble()
  return (await assembled)(input, circumstances)
}

export const handler = httpFunction(story, probeRow)
