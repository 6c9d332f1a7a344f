import type { LanguageCode } from '#shared/words/words.ts';

/** How numbers are written on the page; files hold a point whatever the page's language is. */
export interface Numbers {
  /** With so many decimals and without groups: "12.3", in German "12,3". A rounded −0 is 0. */
  decimals(value: number, digits: number): string;
  /** A difference: "+1.2", "−0.3" with a minus sign, "0.0" for what rounds to nothing. */
  signed(value: number, digits: number): string;
  /** As short as it can be: "1.5", "8". */
  plain(value: number): string;
  /** A count, in groups of thousands: "12,345", in German "12.345". */
  count(value: number): string;
  /** An English text whose numbers are written as on the page: "S 23.5 mm" → "S 23,5 mm". */
  numbersIn(text: string): string;
}

export function createNumbers(language: LanguageCode): Numbers {
  const known = new Map<number, Intl.NumberFormat>();
  const withDigits = (digits: number): Intl.NumberFormat => {
    const made =
      known.get(digits) ??
      new Intl.NumberFormat(language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: false,
        signDisplay: 'negative',
      });
    known.set(digits, made);
    return made;
  };
  const short = new Intl.NumberFormat(language, { maximumFractionDigits: 10, useGrouping: false });
  const grouped = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const mark = withDigits(1).format(0.5).charAt(1);
  return {
    decimals: (value, digits) => withDigits(digits).format(value),
    signed(value, digits) {
      const text = withDigits(digits).format(Math.abs(value));
      const isNothing = !/[1-9]/.test(text);
      return `${isNothing ? '' : value < 0 ? '−' : '+'}${text}`;
    },
    plain: (value) => short.format(value),
    count: (value) => grouped.format(value),
    numbersIn: (text) => (mark === '.' ? text : text.replace(/(\d)\.(?=\d)/g, `$1${mark}`)),
  };
}
