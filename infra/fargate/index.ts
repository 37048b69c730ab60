export { probeTask } from './task.ts'
