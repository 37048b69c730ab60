export { later } from './later.ts'
export { leftOut } from './left-out.ts'
export { driverPlugin } from './plugin.ts'
export { standIns } from './stand-ins.ts'
