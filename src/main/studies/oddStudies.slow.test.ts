import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSlice } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { type SliceHeader, storedRange } from '#shared/dicom/sliceHeader.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { loadSeries } from './loadSeries.ts';
import { pixelCodecs } from './pixelCodecs.ts';
import { type StudyScan, scanDicomFolder } from './scanDicomFolder.ts';

/** Odd studies of other makers, kept outside of the repository; without them these tests are skipped. */
const ARCHIVE = path.resolve(import.meta.dirname, '../../../../shared/data/dicom_odd.tar.xz');
const present = existsSync(ARCHIVE);

describe.skipIf(!present)(
  `odd studies${present ? '' : ' (skipped: the reference data is not there)'}`,
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'odd-'));
      execFileSync('tar', ['xJf', ARCHIVE, '-C', folder]);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const scan = (name: string): Promise<StudyScan> => scanDicomFolder(path.join(folder, 'dicom_odd', name));
    const outcome = ({ series }: StudyScan): string[] =>
      series.map(({ slices, geometry }) => `${slices.length} ${geometry.kind}`);
    const headersOf = (bytes: Uint8Array): readonly SliceHeader[] => {
      const parsed = parseSliceHeader(bytes);
      if (parsed.kind === 'slice') return [parsed.header];
      if (parsed.kind !== 'frames') throw new Error(JSON.stringify(inWords(parsed)));
      return parsed.headers;
    };
    const read = (name: string): Uint8Array => readFileSync(path.join(folder, 'dicom_odd', name));
    const decode = async (bytes: Uint8Array, header: SliceHeader): Promise<Int16Array> => {
      const { from, to } = storedRange(header);
      const slice = await decodeSlice(
        bytes.subarray(from, to),
        header,
        pixelCodecs,
        createHounsfieldTables(),
      );
      if (slice.kind !== 'decoded') throw new Error(slice.reason.code);
      return slice.valuesHu;
    };
    /** Whether a slice is the one of the phantom at its place, which the plain series holds. */
    const isOfPhantom = async (bytes: Uint8Array, header: SliceHeader): Promise<boolean> => {
      const z = header.plane.positionLpsMm[2].toFixed(2);
      for (const name of readdirSync(path.join(folder, 'dicom_odd/14_dose_page_in_series'))) {
        if (!name.startsWith('IM')) continue;
        const plain = read(`14_dose_page_in_series/${name}`);
        const [own] = headersOf(plain);
        if (own!.plane.positionLpsMm[2].toFixed(2) !== z) continue;
        const [a, b] = [await decode(plain, own!), await decode(bytes, header)];
        return a.length === b.length && a.every((hu, v) => hu === b[v]);
      }
      throw new Error(`No slice of the phantom lies at ${z}.`);
    };

    it('tells two phases apart whose SOP Instance UIDs are empty', async () => {
      const found = await scan('01_sop_uid_empty_two_phases_mixed');
      expect(outcome(found)).toEqual(['92 regular', '92 regular']);
      for (const { slices } of found.series) {
        expect(new Set(slices.map(({ header }) => header.acquisition.cardiacPhasePercent)).size).toBe(1);
      }
      expect(found.series[1]?.description).toContain('phase 45 %');
    });

    it('keeps two patients apart who share a series UID', async () => {
      const found = await scan('02_two_patients_one_series_uid');
      expect(found.series).toHaveLength(2);
      for (const { slices } of found.series) {
        expect(new Set(slices.map(({ header }) => header.labels.patientId)).size).toBe(1);
      }
    });

    it.each(['03_implicit_meta_private_big_endian/IM000', '18_GE_private_explicit_meta.dcm'])(
      'refuses %s by its syntax',
      (name) => {
        expect(inWords(parseSliceHeader(read(name)))).toMatchObject({
          kind: 'unsupported',
          reason: expect.stringContaining('1.2.840.113619.5.2'),
        });
      },
    );

    it('takes slices that jitter in orientation for one volume', async () => {
      const found = await scan('06_orientation_jitter_halves_series');
      expect(outcome(found)).toEqual(['92 regular']);
      expect((await loadSeries(found.series[0]!)).grid.sizeIjk).toEqual([128, 128, 92]);
    });

    it.each([
      '07a_UV_element.dcm',
      '08_jp2_container.dcm',
      '10a_j2k_blanks_after_EOC.dcm',
      '11a_highbit15_jpeg_lossless.dcm',
      '13_rescale_type_houndsfield.dcm',
    ])('reads %s exactly', async (name) => {
      const bytes = read(name);
      expect(await isOfPhantom(bytes, headersOf(bytes)[0]!)).toBe(true);
    });

    it.each(['07b_enhanced_extended_offset_table_OV.dcm', '16_enhanced_groups_as_UN.dcm'])(
      'reads the frames of %s exactly',
      async (name) => {
        const bytes = read(name);
        const headers = headersOf(bytes);
        expect(headers.length).toBeGreaterThan(2);
        for (const header of [headers[0]!, headers.at(-1)!]) {
          expect(await isOfPhantom(bytes, header)).toBe(true);
        }
      },
    );

    it('leaves a dose page out, with a warning', async () => {
      const found = await scan('14_dose_page_in_series');
      expect(outcome(found)).toEqual(['92 regular']);
      expect(inWords(found.series[0]?.warnings)).toEqual([
        'One file that is no slice was left out, X0: the image has no position in the patient (modality CT).',
      ]);
    });

    it('reads names as they are written', () => {
      const names = readdirSync(path.join(folder, 'dicom_odd/19_charsets')).map((file) => [
        file,
        headersOf(read(`19_charsets/${file}`))[0]!.labels.patientName,
      ]);
      expect(Object.fromEntries(names)).toEqual({
        'R15a_ir13_ir87.dcm': 'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう',
        'R15b2_ir159.dcm': 'Mori^Ogai=森^鷗外',
        'R15e3_latin2_misspelt.dcm': 'Łukasz^Żak',
        'R15i_ir100_144.dcm': 'Müller=Люксембург',
      });
    });
  },
);
