import { z } from 'zod';

/** An object of the DICOM JSON model (PS3.18 annex F): tags as eight hexadecimal digits. */
const datasetSchema = z.record(z.string(), z.object({ Value: z.array(z.unknown()).optional() }).loose());
export const datasetsSchema = z.array(datasetSchema);
export type JsonDataset = z.output<typeof datasetSchema>;

const nameSchema = z.object({ Alphabetic: z.string().optional(), Ideographic: z.string().optional() });

/** The values of an attribute as text; a person's name in its alphabetic form where there is one. */
export function textsOf(dataset: JsonDataset, tag: string): string[] {
  return (dataset[tag]?.Value ?? []).flatMap((value) => {
    if (typeof value === 'string') return [value.trim()];
    if (typeof value === 'number') return [String(value)];
    const name = nameSchema.safeParse(value);
    return name.success ? [(name.data.Alphabetic ?? name.data.Ideographic ?? '').trim()] : [];
  });
}

export const textOf = (dataset: JsonDataset, tag: string): string => textsOf(dataset, tag)[0] ?? '';

/** A whole number, also where it is written as text; null where there is none. */
export function countOf(dataset: JsonDataset, tag: string): number | null {
  const text = textOf(dataset, tag);
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** The items of a sequence. */
export function itemsOf(dataset: JsonDataset, tag: string): JsonDataset[] {
  return (dataset[tag]?.Value ?? []).flatMap((value) => {
    const item = datasetSchema.safeParse(value);
    return item.success ? [item.data] : [];
  });
}
