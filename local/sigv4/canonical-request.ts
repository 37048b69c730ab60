import { hash } from 'node:crypto'

/** The parts of a canonical request, each already in canonical form; all are byte strings. */
export interface CanonicalRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  /** Sorted by name. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** As the signer wrote the list. */
  readonly signedHeaders: string
  readonly bodyHash: string
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request */
export const writeCanonicalRequest = (request: CanonicalRequest): string => `\
${request.method}
${request.path}
${request.query}
${request.headers.map(([name, value]) => `${name}:${value}\n`).join('')}
${request.signedHeaders}
${request.bodyHash}`

export const hashOfBody = (body: Uint8Array): string => hash('sha256', body, 'hex')

export const hashOfBytes = (bytes: string): string => hash('sha256', Buffer.from(bytes, 'latin1'), 'hex')
