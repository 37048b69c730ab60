import { headerValue, type WireAnswer, type WireRequest } from './http/index.ts'
import type { Party } from './identities/index.ts'
import type { Journal } from './journal.ts'

export const stackApiPrefix = '/_snowgate/'

interface Needs {
  readonly parties: readonly Party[]
  readonly journal: Journal
  readonly region: string
  /** Where the service would be at AWS, for SQL and for programs. */
  readonly service: { readonly stage: string; readonly accountId: string; readonly apiUrl: string }
  /** Where the targets of the stage are played, by name. */
  readonly targets: ReadonlyMap<string, string>
  readonly runStatements: (body: Uint8Array) => Promise<WireAnswer>
  readonly endpoints: () => Readonly<Record<'api' | 'aws' | 'snowflake', string>>
}

/**
 * What the stack tells the people and programs of this machine, and AWS would not: who can be played, with which keys, and
 * why a request was refused. It has no lock, therefore it answers nobody that a web page could have sent.
 */
export const createStackApi = ({ parties, journal, region, service, targets, runStatements, endpoints }: Needs) => {
  const byName = new Map(parties.map((party) => [party.name, party]))

  const identity = ({ name, description, key, doorRoleArn, externalId }: Party) => ({
    name,
    description,
    accessKeyId: key.accessKeyId,
    secretAccessKey: key.secretAccessKey,
    sessionToken: key.sessionToken ?? null,
    accountId: key.owner.accountId,
    arn: key.owner.arn,
    region,
    endpoints: endpoints(),
    ...(doorRoleArn !== undefined && { doorRoleArn }),
    ...(externalId !== undefined && { externalId }),
  })

  return async (request: WireRequest): Promise<WireAnswer> => {
    const host = headerValue(request, 'host') ?? ''
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host) || headerValue(request, 'origin') !== undefined) {
      return failure(403, 'NOT_LOCAL', 'The stack answers this only to programs of its own machine.')
    }
    const [collection, id, ...rest] = (request.target.split('?')[0] ?? '').slice(stackApiPrefix.length).split('/')
    const wanted = id === undefined ? undefined : decode(id)
    if (rest.length > 0) return unknown
    if (request.method === 'POST' && collection === 'statements' && id === undefined) return runStatements(request.body)
    if (request.method !== 'GET') return unknown
    if (collection === 'service' && id === undefined) return json(200, { ...service, region })
    if (collection === 'targets' && id === undefined) return json(200, Object.fromEntries(targets))
    if (collection === 'identities') {
      if (wanted === undefined) {
        return json(
          200,
          parties.map(({ name, description, key }) => ({ name, arn: key.owner.arn, description })),
        )
      }
      const party = byName.get(wanted)
      if (party) return json(200, identity(party))
      return failure(
        404,
        'NO_SUCH_IDENTITY',
        `There is no identity "${wanted}". There are: ${[...byName.keys()].join(', ')}.`,
      )
    }
    if (collection === 'decisions' && wanted !== undefined) {
      const entry = journal.find(wanted)
      if (entry) return json(200, entry)
      return failure(404, 'NO_SUCH_REQUEST', `The stack remembers no request ${wanted}.`)
    }
    return unknown
  }
}

const json = (status: number, value: unknown): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

const failure = (status: number, code: string, message: string) => json(status, { error: { code, message } })

const unknown = failure(
  404,
  'NO_SUCH_PATH',
  'There is GET /_snowgate/service, /targets, /identities, /identities/<name>, /decisions/<request id>, and POST /statements.',
)

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
