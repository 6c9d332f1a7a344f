import { z } from 'zod';
import { KIND_WORDS } from '#shared/annotations/annotationInWords.ts';
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

/** Sentences may hold the name of a file, and people name files after patients; readers have names, and type any. */
const cleanValue = (key: string, value: unknown): unknown => {
  if (SCAN_TEXTS.has(key)) return undefined;
  if (key === 'reviewedBy') return null;
  if (key === 'drawn' && Array.isArray(value)) return value.map(withoutTypedName);
  if (key !== 'warnings' || !Array.isArray(value)) return value;
  return value.filter((one) => isNamelessSentence(String(one)));
};

function withoutTypedName(drawn: unknown): unknown {
  const { success, data } = drawnSchema.safeParse(drawn);
  if (!success) return null;
  return { ...data, name: `${KIND_WORDS[data.shape.kind]} ${data.number}` };
}

const drawnSchema = z.looseObject({
  number: z.number(),
  shape: z.looseObject({ kind: z.enum(['ruler', 'angle', 'ellipse', 'freehand', 'text']) }),
});

/** Texts of the scan in a result's JSON, which may hold anything, and the time of the work. */
const SCAN_TEXTS = new Set(['seriesDescription', 'otherSeries', 'patient', 'madeAt']);
/** A value in a line of CSV; quoted ones may go over several lines. */
const CELL = '(?:"(?:[^"]|"")*"|[^,\\r\\n]*)';

/** What JSON and CSV name a UID is one, whatever it looks like. */
const NAMED_UID = /("\w*Uid": ?"|^seriesInstanceUid,[^,]*,)([^",\s]+)/gm;

/**
 * UIDs of any root, also with the leading zeros that some writers give to their parts, and those of UUIDs, which have
 * few parts; versions of programs have fewer.
 */
const UID = /\b(?:2\.25\.\d{5,}|\d+(?:\.\d+){4,})\b/g;

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
      .replace(/^"?seriesDescription.*\n?/gm, '')
      .replace(new RegExp(`^drawn\\d+\\.text(,${CELL})*\\r?\\n`, 'gm'), '')
      .replace(new RegExp(`^(drawn(\\d+)\\.\\w+),${CELL}`, 'gm'), '$1,Drawn $2')
      .replace(new RegExp(`^(reviewer|reviewedAt),(${CELL}),${CELL}`, 'gm'), '$1,$2,');
  }
  const mapped = new Map<string, string>();
  for (const uid of new Set([
    ...(text.match(UID) ?? []),
    ...[...text.matchAll(NAMED_UID)].map(([, , uid]) => uid!),
  ]))
    mapped.set(uid, await mapUid(uid));
  const named = text.replace(NAMED_UID, (_, key: string, uid: string) => key + (mapped.get(uid) ?? uid));
  return new TextEncoder().encode(named.replace(UID, (uid) => mapped.get(uid) ?? uid));
}
