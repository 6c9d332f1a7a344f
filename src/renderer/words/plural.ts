/** The forms of a word for one thing and for several; English and German need no more. */
interface Forms {
  readonly one: string;
  readonly other: string;
}

const rules = { en: new Intl.PluralRules('en'), de: new Intl.PluralRules('de') } as const;

/** The form of a word for a count: `forms('en', 2, { one: 'slice', other: 'slices' })`. */
export const forms = (language: keyof typeof rules, count: number, { one, other }: Forms): string =>
  rules[language].select(count) === 'one' ? one : other;
