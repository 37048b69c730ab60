/** Shorter runs may occur by chance. */
const shortestRun = 12

const mask = '***'

/**
 * Masks secrets in bytes, including their alphanumeric runs, because a target may escape the other characters. A target may
 * echo the signed request, such as AWS's error for a signature mismatch, and the caller must not see it.
 */
export const withoutSecrets = (bytes: Buffer, secrets: readonly string[]): Buffer => {
  const runs = secrets.flatMap((secret) => secret.split(/[^A-Za-z0-9]+/)).filter(({ length }) => length >= shortestRun)
  // Longest first: a run may be part of another.
  const marks = [...secrets.filter(({ length }) => length > 0), ...runs].sort((one, other) => other.length - one.length)
  const found = marks.filter((mark) => bytes.includes(mark, 0, 'latin1'))
  if (found.length === 0) return bytes
  const text = found.reduce((rest, mark) => rest.replaceAll(mark, mask), bytes.toString('latin1'))
  return Buffer.from(text, 'latin1')
}
