/**
 * An unexpected error for the log: where it happened, its kind, and its place in the program. The error's own text and
 * the folders of the stack frames are left out, because they may hold a path or a name.
 */
export function bugReport(error: Error, where: string): string {
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => `    ${line.trim().replace(/(?:[A-Za-z][\w+.-]*:)?[^\s()]*[/\\](?=[^/\\]*$)/, '')}`);
  return [`Unexpected in ${where}: ${error.name}`, ...frames].join('\n');
}
