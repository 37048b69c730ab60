import { accountCaller, type Fault } from './fault.ts'

/** As a program prints a value that is meant for another program. */
const quoted = (text: string) => `"${text}"`

export const callerFaults = {
  'stack-not-running': { stopped: true },
  'map-invalid': {
    map: {
      edits: (context) => [{ path: ['callers', accountCaller(context).name, 'rotues'], value: ['POST /hello'] }],
      deployed: false,
    },
  },
  'credentials-quoted': {
    faultState: () => ({
      adminCredentials: ({ session: { accessKeyId, secretAccessKey, sessionToken = '' } }) => ({
        accessKeyId: quoted(accessKeyId),
        secretAccessKey: quoted(secretAccessKey),
        sessionToken: quoted(sessionToken),
      }),
    }),
  },
  'credentials-unknown': {
    faultState: () => ({ adminCredentials: ({ longTerm: own }) => ({ ...own, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }) }),
  },
  'session-expired': { faultState: () => ({ adminCredentials: ({ expired }) => expired }) },
  'session-token-missing': {
    faultState: () => ({ adminCredentials: ({ session }) => ({ ...session, sessionToken: undefined }) }),
  },
  'session-token-foreign': {
    faultState: () => ({
      adminCredentials: ({ longTerm: own, session }) => ({ ...own, sessionToken: session.sessionToken }),
    }),
  },
  'secret-wrong': {
    faultState: () => ({
      adminCredentials: ({ longTerm: own }) => ({ ...own, secretAccessKey: `${own.secretAccessKey.slice(0, -1)}/` }),
    }),
  },
  // More than STS bears, and the others bear less.
  'clock-skewed': { faultState: () => ({ clockAheadSeconds: 1_200 }) },
} as const satisfies Readonly<Record<string, Fault>>
