import type { Target as TargetOfMap } from '../../shared/targets/index.ts'

/** A target of the trust map, with its name. */
export interface Target extends TargetOfMap {
  readonly name: string
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
