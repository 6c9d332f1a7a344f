import type { Deidentifier } from '#shared/deidentify/deidentify.ts';
import { isNamelessSentence } from '#shared/words/namelessSentences.ts';

/*
 * Results carry no name: meshes and masks have headers without it, JSON and CSV hold the series' UIDs and descriptions.
 * Reports as HTML and PDF show the patient, and have no anonymous copy.
 */

/** Whether a file is one that Auricle writes for a result, by its name. */
export const isResultFile = (name: string): boolean =>
  /^laa-[a-z]+(\.ascii)?(\.ras)?\.(stl|obj|ply|vtp|3mf|glb)$/.test(name) ||
  /^(mask|laa-mask)\.(nrrd|nii\.gz)$/.test(name) ||
  /^(report|measurements)\.(json|html|pdf|csv)$/.test(name) ||
  /^laa-[a-z.0-9]+\.json$/.test(name) ||
  name === 'preview.png' ||
  name === 'profile.csv';

/** Sentences may hold the name of a file, and people name files after patients. */
const cleanValue = (key: string, value: unknown): unknown => {
  if (SCAN_TEXTS.has(key)) return undefined;
  if (key !== 'warnings' || !Array.isArray(value)) return value;
  return value.filter((one) => isNamelessSentence(String(one)));
};

/** Texts of the scan in a result's JSON, which may hold anything, and the time of the work. */
const SCAN_TEXTS = new Set(['seriesDescription', 'otherSeries', 'patient', 'madeAt']);
/** UIDs of any root, and those of UUIDs, which have few parts; versions of programs have fewer. */
const UID = /\b(?:2\.25\.\d{5,}|[0-2](?:\.(?:0|[1-9]\d*)){4,})\b/g;

/** The file without the scan's UIDs and texts; undefined where it shows who the patient is. */
export async function anonymousResultFile(
  name: string,
  bytes: Uint8Array,
  { mapUid }: Pick<Deidentifier, 'mapUid'>,
): Promise<Uint8Array | undefined> {
  if (/\.(html|pdf)$/.test(name)) return undefined;
  if (!/\.(json|csv)$/.test(name)) return bytes;
  let text = new TextDecoder().decode(bytes);
  if (name.endsWith('.json')) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      return undefined;
    }
    text = `${JSON.stringify(parsed, (key, value: unknown) => cleanValue(key, value), 2)}\n`;
  } else {
    text = text
      .split('\n')
      .filter((line) => !/^"?seriesDescription/.test(line))
      .join('\n');
  }
  const mapped = new Map<string, string>();
  for (const uid of new Set(text.match(UID) ?? [])) mapped.set(uid, await mapUid(uid));
  return new TextEncoder().encode(text.replace(UID, (uid) => mapped.get(uid) ?? uid));
}
