/**
 * Something unexpected, for the log: where, what kind of error, and where in the program. The error's own text is left
 * out, for it may hold a path or a name; so are the folders of the frames.
 */
export function bugReport(error: Error, where: string): string {
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => `    ${line.trim().replace(/(?:[A-Za-z][\w+.-]*:)?[^\s()]*[/\\](?=[^/\\]*$)/, '')}`);
  return [`Unexpected in ${where}: ${error.name}`, ...frames].join('\n');
}
