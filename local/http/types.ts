/** A request as it stood on the wire: nothing decoded, joined, re-ordered or inflated. */
export interface WireRequest {
  readonly method: string
  /** The raw request target, path and query, as on the request line (Node's `req.url`). */
  readonly target: string
  /** Alternating names and values in the order received, case kept (Node's `req.rawHeaders`). */
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array
  /** The TCP peer, never `X-Forwarded-For`. */
  readonly sourceIp: string
}

/** An answer before it is written to the socket. Content-Length is added by the server. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Uint8Array | string
}
