import type { NamedFile } from '#shared/contract/values.ts';
import { ownBuffer } from '../../jobs/ownBuffer.ts';

/** Packs named bytes into a ZIP. */
export type PackZip = (entries: Readonly<Record<string, Uint8Array>>) => Promise<Uint8Array>;

/** The one file for the browser's download: the file itself, or all of them in a ZIP. */
export async function bundleForDownload(
  files: readonly NamedFile[],
  archiveName: string,
  packZip: PackZip,
): Promise<NamedFile> {
  const [first] = files;
  if (first && files.length === 1) return first;
  const entries = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes] as const));
  return { name: archiveName, bytes: ownBuffer(await packZip(entries)) };
}

/** Hands a file to the browser's own download. */
export function downloadFile({ name, bytes }: NamedFile): void {
  const url = URL.createObjectURL(new Blob([ownBuffer(bytes)], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has read the URL when the click's task is over; a minute is far beyond that.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
