import type { Command } from 'commander';

/** The command that a command line names, with its parents' names passed over; undefined where it names none. */
function commandOf(program: Command, words: readonly string[]): Command | undefined {
  let found: Command | undefined;
  for (const word of words) {
    const next = (found ?? program).commands.find((command) => command.name() === word);
    if (!next) break;
    found = next;
  }
  return found;
}

/** `-std_dev`, `--std_dev` and `--batch_size=5` in parts; the name in commander's spelling. */
const LONG_OPTION = /^--?([A-Za-z][A-Za-z0-9_-]+)(=.*)?$/;

/**
 * Rewrites a command line so that commander accepts options as the NUDF paper's programs spell them, with one dash and
 * underscores: `-std_dev in1 out1 0.0 -batch_size 5` becomes `--std-dev in1 out1 0.0 --batch-size 5`. Only names of
 * options that the command has are rewritten, so that `-ofolder` stays `-o folder`. Everything after `--` is left alone.
 * @param program with all its commands registered
 * @param words the command line without the program's name
 */
export function withReferenceOptions(program: Command, words: readonly string[]): string[] {
  const command = commandOf(program, words);
  if (!command) return [...words];
  const known = new Set(command.options.map(({ long }) => long));
  const end = words.indexOf('--');
  return words.map((word, index) => {
    const match = LONG_OPTION.exec(word);
    if (!match || (end >= 0 && index > end)) return word;
    const long = `--${match[1]!.replaceAll('_', '-')}`;
    return known.has(long) ? `${long}${match[2] ?? ''}` : word;
  });
}
