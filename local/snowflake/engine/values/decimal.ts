/** An exact decimal: `units` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

/** NUMBER holds so many digits. https://docs.snowflake.com/en/sql-reference/data-types-numeric */
const maxDigits = 38

const bound = 10n ** BigInt(maxDigits)

/** Undefined if the text is no number, or one with more digits than NUMBER holds. */
export const parseDecimal = (source: string): Decimal | undefined => {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/.exec(source) ?? []
  if (whole + fraction === '') return undefined
  const shift = Number(exponent)
  if (Math.abs(shift) > 2 * maxDigits || whole.length + fraction.length > 4 * maxDigits) return undefined
  const scale = fraction.length - shift
  const digits = BigInt(whole + fraction) * (scale < 0 ? 10n ** BigInt(-scale) : 1n)
  const decimal = { units: sign === '-' ? -digits : digits, scale: Math.max(scale, 0) }
  return decimal.scale <= maxDigits && fits(decimal, maxDigits) ? decimal : undefined
}

export const decimalText = ({ units, scale }: Decimal): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const sign = units < 0n ? '-' : ''
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Rounds half away from zero, as Snowflake does. */
export const rescale = ({ units, scale }: Decimal, to: number): Decimal => {
  if (to >= scale) return { units: units * 10n ** BigInt(to - scale), scale: to }
  const divisor = 10n ** BigInt(scale - to)
  const half = units < 0n ? -divisor / 2n : divisor / 2n
  return { units: (units + half) / divisor, scale: to }
}

export const fits = ({ units }: Decimal, precision: number): boolean => {
  const limit = precision === maxDigits ? bound : 10n ** BigInt(precision)
  return units < limit && units > -limit
}

export const digitsOf = ({ units }: Decimal): number => (units < 0n ? -units : units).toString().length

export const plus = (left: Decimal, right: Decimal): Decimal => {
  const scale = Math.max(left.scale, right.scale)
  return { units: rescale(left, scale).units + rescale(right, scale).units, scale }
}

export const times = (left: Decimal, right: Decimal): Decimal => ({
  units: left.units * right.units,
  scale: left.scale + right.scale,
})

export const negative = ({ units, scale }: Decimal): Decimal => ({ units: -units, scale })
