export { lineDiff } from './line-diff.ts'
export { openDoor } from './open-door.ts'
