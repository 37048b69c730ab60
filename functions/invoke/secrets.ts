/** Shorter runs occur by chance. */
const shortestRun = 12

const mask = '***'

/**
 * Takes the runs of letters and digits of secrets out of bytes, however the rest of the secret was escaped: what a target
 * echoes of a signed request, such as AWS's own words on a signature that does not match, must not reach the caller.
 */
export const withoutSecrets = (bytes: Buffer, secrets: readonly string[]): Buffer => {
  const runs = secrets.flatMap((secret) => secret.split(/[^A-Za-z0-9]+/)).filter(({ length }) => length >= shortestRun)
  // The longest first: a run may be part of another.
  const marks = [...secrets.filter(({ length }) => length > 0), ...runs].sort((one, other) => other.length - one.length)
  const found = marks.filter((mark) => bytes.includes(mark, 0, 'latin1'))
  if (found.length === 0) return bytes
  const text = found.reduce((rest, mark) => rest.replaceAll(mark, mask), bytes.toString('latin1'))
  return Buffer.from(text, 'latin1')
}
