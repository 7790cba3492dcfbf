// One figure for many.

/** The smallest of `values` that at least this share of them does not exceed: `0.99`, and 99 of 100 took at most so long. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
}
