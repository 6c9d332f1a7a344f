// Why Electron ended right after it was started, from what it printed.

/** The program has said itself why it cannot start (src/main/entry.electron.ts). */
const SAID_WHY = 70;

/** An end this soon after the start is no end that a person wanted, ms. */
const AT_ONCE_MS = 15_000;

/** What Chromium and the system print, and what that means; the first that fits. */
const CAUSES = [
  {
    pattern:
      /SUID sandbox helper binary was found, but is not configured correctly[\s\S]*?(\/\S*chrome-sandbox)/,
    reason: (helper) =>
      `its sandbox helper is not set up, and this system allows no other sandbox. To set it up:\n  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
  },
  { pattern: /No usable sandbox/, reason: () => 'this system allows it no sandbox' },
  {
    pattern: /Running as root without --no-sandbox/,
    reason: () => 'its sandbox does not run for the root user',
  },
  {
    pattern: /Missing X server|Unable to open X display|cannot open display/i,
    reason: () => 'there is no display',
  },
  {
    pattern: /error while loading shared libraries: (\S+?):/,
    reason: (library) => `the system's library ${library} is missing`,
  },
  { pattern: /GPU process isn't usable/, reason: () => 'its graphics process does not start' },
];

/**
 * Why Electron could not run, in words; undefined where it ran: a person ended it, or it said itself why it cannot.
 * @param {{ code: number | null, signal: string | null, afterMs: number, errors: string }} end
 */
export function whyItDied({ code, signal, afterMs, errors }) {
  if (code === 0 || code === SAID_WHY || afterMs > AT_ONCE_MS) return undefined;
  if (signal === 'SIGINT' || signal === 'SIGTERM') return undefined;
  for (const { pattern, reason } of CAUSES) {
    const found = pattern.exec(errors);
    if (found) return reason(found[1] ?? '');
  }
  return `it ended at once (${signal ?? `exit code ${code}`})`;
}
