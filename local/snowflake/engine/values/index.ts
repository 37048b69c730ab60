export { cast, invalidArguments } from './cast.ts'
export { type DateTime, dateTimeOf, utcNanoseconds } from './date-time.ts'
export { digitsOf, fits, negative, parseDecimal, plus, rescale, times } from './decimal.ts'
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
export { isArray, isDateTime, isDecimal, type Json, jsonText, parseJson, toJson, toText, type Value } from './value.ts'
