import { throwingProxy } from './excluded-modules.ts'

/** A module that wraps a package which the driver imports. */
export interface Shim {
  readonly name: string
  readonly contents: string
}

export const shims: readonly Shim[] = [
  {
    // It parses all time zones on load; this defers that to the first use. The driver uses
    // these two functions, for dates and times in a result.
    name: 'moment-timezone',
    contents: `
const moment = module.exports = require('moment-timezone/moment-timezone')
let read = () => {
  read = () => undefined
  moment.tz.load(require('moment-timezone/data/packed/latest.json'))
}
const { tz: inZone } = moment.fn
const { zone } = moment.tz
moment.fn.tz = function (...values) { read(); return inZone.apply(this, values) }
moment.tz.zone = (name) => { read(); return zone(name) }`,
  },
  {
    // It tests fetch's features on load, which makes Node load undici: a fifth of the
    // thread's start-up time. The driver's requests use node:https.
    name: 'axios',
    contents: `
const classes = ['FormData', 'Headers', 'Request', 'Response']
for (const name of classes) globalThis[name] = undefined
module.exports = require('axios')
for (const name of classes) globalThis[name] = ${throwingProxy("fetch's classes")}`,
  },
]
