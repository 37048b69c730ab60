import type { FaultName } from '../../local/faults/index.ts'
import {
  askingWho,
  calling,
  greeting,
  invokingFunction,
  invokingTarget,
  type Observe,
  probing,
  running,
  unsigned,
} from './observe.ts'

/** What somebody meets who uses the system in the broken world, and who gets what is expected in the whole one. */
export interface Symptom {
  readonly observe: Observe
  readonly status: number
  /** The type of an error of AWS, or the code of one of Snowflake. */
  readonly errorType?: string
  readonly says: RegExp
}

const hello = calling('/hello', { name: 'Alice' })
const reporting = calling('/hello', { name: 'Alice' }, 'reporting')
const rows = calling('/hello', { data: [[0, 'Alice']] })

/** The Python runtime of a UDF is not here: what it would be refused by is looked at. */
const described = (what: string) => running(`DESC ${what}`)

export const symptoms: Readonly<Record<FaultName, Symptom>> = {
  'stack-not-running': { observe: hello, status: 0, says: /^Nobody answers at/ },
  'map-invalid': { observe: hello, status: 200, says: /Hello, Alice/ },
  'credentials-quoted': { observe: askingWho, status: 403, errorType: 'InvalidClientTokenId', says: /invalid/ },
  'credentials-unknown': { observe: askingWho, status: 403, errorType: 'InvalidClientTokenId', says: /invalid/ },
  'session-expired': { observe: askingWho, status: 403, errorType: 'ExpiredToken', says: /is expired$/ },
  'session-token-missing': { observe: askingWho, status: 403, errorType: 'InvalidClientTokenId', says: /invalid/ },
  'session-token-foreign': { observe: askingWho, status: 403, errorType: 'InvalidClientTokenId', says: /invalid/ },
  'secret-wrong': { observe: askingWho, status: 403, errorType: 'SignatureDoesNotMatch', says: /does not match/ },
} as never
