import { refusing } from './left-out.ts'

/** A module in front of a package that the driver imports, with the package behind it. */
export interface StandIn {
  readonly name: string
  readonly contents: string
}

export const standIns: readonly StandIn[] = [
  {
    // It reads all time zones of the earth when it is loaded; here, with the first one that is asked for. The driver asks in
    // these two ways, for dates and times in a result.
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
    // It tries what fetch can do when it is loaded, and with the first look at one of these Node loads undici: a fifth of the
    // thread's start. The driver's requests go through node:https.
    name: 'axios',
    contents: `
const classes = ['FormData', 'Headers', 'Request', 'Response']
for (const name of classes) globalThis[name] = undefined
module.exports = require('axios')
for (const name of classes) globalThis[name] = ${refusing("fetch's classes")}`,
  },
]
