/** A number with so many decimals, as `toFixed` gives it, but 0.000 where it rounds to −0.000. */
export function fixedDecimals(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.startsWith('-') && Number(text) === 0 ? text.slice(1) : text;
}
