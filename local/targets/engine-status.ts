/** Members and their values: https://docs.aws.amazon.com/neptune/latest/userguide/access-graph-status.html */
export const engineStatus = (startTime: Date) => ({
  status: 'healthy',
  startTime: javaDate(startTime),
  dbEngineVersion: 'development',
  role: 'writer',
  dfeQueryEngine: 'viaQueryHint',
  gremlin: { version: 'tinkerpop-3.5.2' },
  sparql: { version: 'sparql-1.1' },
  opencypher: { version: 'Neptune-9.0.20190305-1.0' },
  labMode: { ObjectIndex: 'disabled', ReadWriteConflictDetection: 'enabled' },
  features: {
    ResultCache: { status: 'disabled' },
    IAMAuthentication: 'enabled',
    Streams: 'disabled',
    AuditLog: 'disabled',
  },
  settings: { clusterQueryTimeoutInMs: '120000' },
})

/** `Wed Dec 29 02:29:24 UTC 2021` */
const javaDate = (date: Date): string => {
  const [, weekday, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(date.toUTCString()) ?? []
  return `${weekday} ${month} ${day} ${time} UTC ${year}`
}
