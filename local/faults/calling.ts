import { accountCaller, type Fault } from './fault.ts'

/** As a program prints a value that is meant for another program. */
const quoted = (text: string) => `"${text}"`

export const callingFaults = {
  'stack-not-running': { stopped: true },
  'map-invalid': {
    map: {
      edits: (scene) => [{ path: ['callers', accountCaller(scene).name, 'rotues'], value: ['POST /hello'] }],
      deployed: false,
    },
  },
  'credentials-quoted': {
    around: () => ({
      kept: ({ session: { accessKeyId, secretAccessKey, sessionToken = '' } }) => ({
        accessKeyId: quoted(accessKeyId),
        secretAccessKey: quoted(secretAccessKey),
        sessionToken: quoted(sessionToken),
      }),
    }),
  },
  'credentials-unknown': {
    around: () => ({ kept: ({ own }) => ({ ...own, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }) }),
  },
  'session-expired': { around: () => ({ kept: ({ ended }) => ended }) },
  'session-token-missing': {
    around: () => ({ kept: ({ session }) => ({ ...session, sessionToken: undefined }) }),
  },
  'session-token-foreign': {
    around: () => ({ kept: ({ own, session }) => ({ ...own, sessionToken: session.sessionToken }) }),
  },
  'secret-wrong': {
    around: () => ({ kept: ({ own }) => ({ ...own, secretAccessKey: `${own.secretAccessKey.slice(0, -1)}/` }) }),
  },
  // More than STS bears, and the others bear less.
  'clock-skewed': { around: () => ({ clockAhead: 1_200 }) },
} as const satisfies Readonly<Record<string, Fault>>
