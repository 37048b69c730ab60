import { instantOf, isDecimal, isInstant, rescale, type Value } from '../values/index.ts'

/** The order of two values of one type, neither of them NULL; undefined where that type has none. */
export const compare = (left: Value, right: Value): number | undefined => {
  if (typeof left === 'string' && typeof right === 'string')
    return sign(Buffer.compare(Buffer.from(left), Buffer.from(right)))
  if (typeof left === 'boolean' && typeof right === 'boolean') return sign(Number(left) - Number(right))
  if (typeof left === 'number' && typeof right === 'number') return sign(left - right)
  if (left instanceof Uint8Array && right instanceof Uint8Array) return sign(Buffer.compare(left, right))
  if (isInstant(left) && isInstant(right)) return sign(instantOf(left) - instantOf(right))
  if (!isDecimal(left) || !isDecimal(right)) return undefined
  const scale = Math.max(left.scale, right.scale)
  return sign(rescale(left, scale).units - rescale(right, scale).units)
}

const sign = (difference: number | bigint): number => (difference < 0 ? -1 : difference > 0 ? 1 : 0)
