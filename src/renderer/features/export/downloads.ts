import { zipSync } from 'fflate';
import type { NamedFile } from '#shared/contract/values.ts';
import { notShared } from '../../jobs/notShared.ts';

/** The one file that a browser is given: the file itself, or all of them in a ZIP. */
export function bundleForDownload(files: readonly NamedFile[], archiveName: string): NamedFile {
  const [first] = files;
  if (first && files.length === 1) return first;
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes] as const));
  return { name: archiveName, bytes: zipSync(entries, { level: 6 }) };
}

/** Hands a file to the browser's own download. */
export function downloadFile({ name, bytes }: NamedFile): void {
  const url = URL.createObjectURL(new Blob([notShared(bytes)], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the blob once the click's task is over; a minute is far beyond that.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
