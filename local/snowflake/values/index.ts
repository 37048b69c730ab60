export { cast, invalidArguments } from './cast.ts'
export { digitsOf, fits, negative, parseDecimal, plus, rescale, times } from './decimal.ts'
export { instantOf, type Moment, momentOf } from './moment.ts'
export {
  boolean,
  commonType,
  float,
  namedType,
  nullType,
  number,
  type SnowflakeType,
  text,
  typeText,
  variant,
} from './types.ts'
export { isArray, isDecimal, isInstant, type Json, jsonText, parseJson, toJson, toText, type Value } from './value.ts'
