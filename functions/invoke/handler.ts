import { httpFunction, type Story } from '../../shared/http/index.ts'
import { environment } from '../../shared/settings.ts'
import { invokeRow } from './invoke-row.ts'

let assembled: Promise<Story> | undefined

const assemble = async () => (await import('./assemble.ts')).assembleInvoke(environment())

/** Loaded by the first request: TLS is most of a cold start, and a missing variable becomes an error response. */
const story: Story = async (input, circumstances) => {
  assembled ??= assemble()
  return (await assembled)(input, circumstances)
}

export const handler = httpFunction(story, invokeRow)
