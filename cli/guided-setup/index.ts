export { lineDiff } from './line-diff.ts'
export { openDoor } from './open-door.ts'
export { readDescribed } from './read-described.ts'
