/** A number with so many decimals as German writes it: "12,3". */
export function decimals(value: number, digits: number): string {
  return value.toFixed(digits).replace('.', ',');
}

/** A number as short as it can be: "1,5", "8". */
export const plain = (value: number): string => String(value).replace('.', ',');

/** "eine Schicht", "3 Schichten". */
export const counted = (count: number, one: string, several: string): string =>
  count === 1 ? one : `${plain(count)} ${several}`;
