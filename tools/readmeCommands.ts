/**
 * The commands of one code block of a Markdown document: the first block below a heading, a command a line; lines that
 * end with a backslash go on. Each command is a list of words, without `node bin/auricle.js` where it begins so.
 * @throws Error where the heading or its block is missing
 */
export function readmeCommands(markdown: string, heading: string): string[][] {
  const section = `\n${markdown}`.split(`\n${heading}\n`)[1];
  const block = section?.split(/\n#+ /)[0]?.match(/^```\n(.*?)^```$/ms)?.[1];
  if (block === undefined) throw new Error(`There are no commands below "${heading}".`);
  return block
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.replace(/^node bin\/auricle\.js /, '').split(/\s+/));
}

/** The commands with an option's value replaced in each that has the option. */
export const withOption = (words: readonly string[], option: string, value: string): string[] => {
  const at = words.indexOf(option);
  return at < 0 ? [...words] : [...words.slice(0, at + 1), value, ...words.slice(at + 2)];
};
