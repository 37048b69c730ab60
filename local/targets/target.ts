/** A target of the trust map: a service behind SigV4 that the service itself calls. */
export interface Target {
  readonly name: string
  /** Of the real service; its path is kept in front of what is called. */
  readonly url: string
  /** What requests are signed for: `neptune-db`, `execute-api`, … */
  readonly service: string
  readonly region: string
  /** Assumed before signing; without one the function signs with its own role. */
  readonly roleArn?: string
  readonly externalId?: string
  /** `GET /orders/{id}`: in a path, `{id}` stands for one segment and `*` at the end for whatever lies below. */
  readonly allow: readonly string[]
}

/** A route that the map allows; `*` in its path stands for any characters, as in policies. */
export interface AllowedRoute {
  readonly method: string
  readonly path: string
}

export const allowedRoutes = ({ allow }: Target): readonly AllowedRoute[] =>
  allow.map((rule) => {
    const [method = '', path = ''] = rule.split(' ')
    return { method, path: path.replace(/\{[^/]*\}/g, '*') }
  })
