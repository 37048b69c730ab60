declare module 'dynalite' {
  /** A server with an empty DynamoDB in memory; not yet listening. */
  export default function dynalite(options: {
    readonly createTableMs: number
    readonly deleteTableMs: number
  }): import('node:http').Server
}
