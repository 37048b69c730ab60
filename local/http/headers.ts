import type { WireRequest } from './types.ts'

/** Every value of a header, in the order received; the name in lower case. */
export const headerValues = ({ rawHeaders }: Pick<WireRequest, 'rawHeaders'>, name: string): string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)

/** The first value of a header. */
export const headerValue = (request: Pick<WireRequest, 'rawHeaders'>, name: string): string | undefined =>
  headerValues(request, name)[0]
