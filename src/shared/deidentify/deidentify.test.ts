import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseElements } from '../dicom/dataElements.ts';
import { findFileEncoding } from '../dicom/fileEncoding.ts';
import { joined } from '../dicom/testing/compressedFixtures.ts';
import { ctSlice, rampVolume, smallGrid } from '../dicom/testing/ctFixtures.ts';
import {
  ascii,
  BIG_ENDIAN,
  EXPLICIT,
  IMPLICIT,
  rawElement,
  rawSequence,
} from '../dicom/testing/rawElements.ts';
import type { ElementToWrite } from '../dicom/writeElements.ts';
import { BASIC_PROFILE, type DeidentifyOptions, PROFILE_TAGS } from './confidentialityProfile.ts';
import { createDeidentifier, type Deidentified } from './deidentify.ts';

const deidentifier = (options: Partial<DeidentifyOptions> = {}, key = 'secret', withRisky = false) =>
  createDeidentifier({
    options: { ...BASIC_PROFILE, ...options },
    withRisky,
    hash: (text) => Promise.resolve(createHmac('sha256', key).update(text).digest()),
  });

type Copied = Extract<Deidentified, { kind: 'copied' }>;
const copied = async (
  file: Uint8Array,
  options: Partial<DeidentifyOptions> = {},
  key?: string,
): Promise<Copied> => {
  const result = await deidentifier(options, key).copy(file);
  if (result.kind !== 'copied') throw new Error(result.reason.code);
  return result;
};
const elementsOf = (file: Uint8Array) => {
  const encoding = findFileEncoding(file);
  if (encoding.kind !== 'dicom') throw new Error(encoding.kind);
  return parseElements(file, encoding.dataSetOffset, { explicitVr: true, bigEndian: false }).elements;
};
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const volume = rampVolume(smallGrid());
/** Where names hide: usual places, a private element, a sequence, a comment of the scanner, another person's name. */
const NAMED = {
  '0010,0010': 'Miller^Jane Ann',
  '0010,0020': 'MRN-4711',
  '0010,0030': '19610203',
  '0008,0050': 'ACC0815',
  '0008,0080': 'General Hospital',
  '0008,0090': 'House^Gregory',
  '0008,1030': 'CTA heart for Dr House',
  '0008,103e': 'Heart 0.6 mm Miller',
  '0008,0020': '20260304',
  '0018,1210': 'B26f MILLER',
  '0020,4000': 'Miller moved',
  '0009,0010': 'SECRET OWNER',
  '0009,1001': [[{ tag: 0x00100010, vr: 'PN', value: 'Miller^Jane Ann' }]] as readonly ElementToWrite[][],
};
const named = (k = 0): Uint8Array => ctSlice(volume, k, NAMED);

describe('createDeidentifier', () => {
  it('leaves nothing of the patient, and all of the picture and its place', async () => {
    const before = elementsOf(named());
    const { bytes, pseudonym, cleaned } = await copied(named());
    const text = latin1(bytes).toLowerCase();
    for (const secret of [
      'miller',
      'jane',
      '4711',
      '19610203',
      'acc0815',
      'hospital',
      'house',
      'secret owner',
      '20260304',
    ])
      expect(text, secret).not.toContain(secret);
    const after = elementsOf(bytes);
    expect(after.text('x00100010')).toBe(pseudonym);
    expect(after.text('x00100020')).toBe(pseudonym);
    // The kernel named the patient; the profile alone would have kept it.
    expect([after.has('x00181210'), cleaned]).toEqual([false, 1]);
    for (const tag of ['x00200032', 'x00200037', 'x00280030', 'x00281052', 'x00281053', 'x00200013'])
      expect(after.texts(tag), tag).toEqual(before.texts(tag));
    const [from, to] = [before.pixelData!, after.pixelData!];
    expect(bytes.subarray(to.offset, to.offset + to.length)).toEqual(
      named().subarray(from.offset, from.offset + from.length),
    );
    expect(after.text('x00120062')).toBe('YES');
    expect(after.items('x00120064').map((item) => item.text('x00080100'))).toEqual(['113100']);
    expect(after.text('x00280303')).toBe('REMOVED');
  });

  it('gives the same UIDs and pseudonym to the same ones, others under another key', async () => {
    const uid = (of: Copied, tag: string): string => elementsOf(of.bytes).text(tag);
    const one = deidentifier();
    const [first, second] = [await one.copy(named(0)), await one.copy(named(1))] as Copied[];
    for (const tag of ['x0020000d', 'x0020000e', 'x00200052', 'x00100020'])
      expect(uid(first!, tag), tag).toBe(uid(second!, tag));
    expect(uid(first!, 'x00080018')).not.toBe(uid(second!, 'x00080018'));
    expect(uid(first!, 'x00080018')).toBe(first!.sopInstanceUid);
    expect((await copied(named(0))).bytes).toEqual(first!.bytes);
    const other = await copied(named(0), {}, 'another');
    expect(other.pseudonym).not.toBe(first!.pseudonym);
    expect(other.studyInstanceUid).not.toBe(first!.studyInstanceUid);
    expect(uid(first!, 'x00080016')).toBe('1.2.840.10008.5.1.4.1.1.2');
  });

  it('keeps what options keep, and names them', async () => {
    const all = await copied(named(), {
      dates: 'moved',
      keepUids: true,
      keepPatientCharacteristics: true,
      keepInstitution: true,
      cleanDescriptors: true,
    });
    const before = elementsOf(named());
    const after = elementsOf(all.bytes);
    expect(after.text('x0020000d')).toBe(before.text('x0020000d'));
    expect(after.text('x00080080')).toBe('General Hospital');
    expect(after.text('x00100040')).toBe('O');
    // "for Dr House" and "Miller" are no words of imaging.
    expect(after.text('x00081030')).toBe('CTA heart');
    expect(after.text('x0008103e')).toBe('Heart 0.6 mm');
    expect(after.text('x00080020')).toMatch(/^20(1[6-9]|2[0-6])\d{4}$/);
    expect(after.text('x00080020')).not.toBe('20260304');
    expect(after.text('x00100030')).toBe('');
    const codes = after.items('x00120064').map((item) => item.text('x00080100'));
    expect(codes).toEqual(['113100', '113105', '113107', '113108', '113110', '113112']);
    const kept = elementsOf((await copied(named(), { dates: 'kept' })).bytes);
    expect(kept.text('x00080020')).toBe('20260304');
  });

  it('leaves out what may show or hold text that identifies, unless asked', async () => {
    const reason = async (changes: Parameters<typeof ctSlice>[2]): Promise<string> => {
      const result = await deidentifier().copy(ctSlice(volume, 0, changes));
      return result.kind === 'leftOut' ? result.reason.code : result.kind;
    };
    expect(await reason({ '0028,0301': 'YES' })).toBe('objects.burned-in');
    expect(await reason({ '0020,0032': undefined, '0028,0301': undefined })).toBe('objects.may-be-burned-in');
    const storage = '1.2.840.10008.5.1.4.1.1';
    expect(await reason({ '0008,0016': `${storage}.7`, '0028,0301': undefined })).toBe(
      'objects.may-be-burned-in',
    );
    expect(await reason({ '0008,0016': `${storage}.7` })).toBe('copied');
    expect(await reason({ '0008,0016': `${storage}.104.1`, '0008,0070': 'Other' })).toBe('objects.document');
    expect(await reason({ '0008,0016': `${storage}.88.22`, '0008,0070': 'Other' })).toBe('objects.free-text');
    expect(await reason({ '0008,0016': `${storage}.88.22` })).toBe('copied');
    const risky = await deidentifier({}, 'secret', true).copy(ctSlice(volume, 0, { '0028,0301': 'YES' }));
    expect(risky).toMatchObject({ kind: 'copied', risk: { code: 'objects.burned-in' } });
    expect(await deidentifier().copy(new Uint8Array(300))).toMatchObject({ kind: 'leftOut' });
  });

  it('keeps patients apart that have neither number nor name', async () => {
    const nobody = (study: string) =>
      copied(ctSlice(volume, 0, { '0010,0010': '', '0010,0020': '', '0020,000d': study }));
    expect((await nobody('1.2.3')).pseudonym).not.toBe((await nobody('1.2.4')).pseudonym);
  });

  it('takes apart a sequence that its writer labelled as text', async () => {
    const { bytes } = await copied(
      ctSlice(volume, 0, {
        // Referenced Series Sequence, written as LO.
        '0008,1115': [
          [
            { tag: 0x00080090, vr: 'PN', value: 'House^Gregory' },
            { tag: 0x00081155, vr: 'UI', value: '1.2.3.44' },
          ],
        ],
      }),
    );
    expect(latin1(bytes)).not.toMatch(/House|1\.2\.3\.44/);
    const [within] = elementsOf(bytes).items('x00081115');
    expect(within?.text('x00081155')).toBe(await deidentifier().mapUid('1.2.3.44'));
  });

  describe('in a file with an odd element', () => {
    const REFERENCED_SERIES = 0x00081115;
    const TARGET_FRAME = 0x0018991e;
    const SECOND_REVIEWER = 0x00140104;
    const KERNEL = 0x00181210;
    const UNKNOWN = 0x00081ff2;
    const class2 = (encoding = EXPLICIT) =>
      rawElement(0x00080016, 'UI', ascii('1.2.840.10008.5.1.4.1.1.2'), encoding);
    const rest = (encoding = EXPLICIT, patientId = 'MRN-4711') =>
      joined([
        rawElement(0x00100010, 'PN', ascii('Miller^Jane'), encoding),
        rawElement(0x00100020, 'LO', ascii(patientId), encoding),
      ]);
    const position = (encoding = EXPLICIT) =>
      rawElement(0x00200032, 'DS', ascii('-158.13\\-75.2\\10'), encoding);
    const others = (encoding = EXPLICIT) =>
      joined([
        rawElement(0x00080020, 'DA', ascii('20260304'), encoding),
        rawElement(0x00080090, 'PN', ascii('House^Gregory'), encoding),
        rawElement(0x00081155, 'UI', ascii('1.2.3.44'), encoding),
      ]);
    /** The copy of a file with one element more, in order. */
    const withOdd = (odd: Uint8Array, encoding = EXPLICIT, patientId?: string) => {
      const isLate = new DataView(odd.buffer).getUint16(0, !encoding.bigEndian) > 0x10;
      const parts = isLate ? [rest(encoding, patientId), odd] : [odd, rest(encoding, patientId)];
      return deidentifier().copy(joined([class2(encoding), ...parts, position(encoding)]));
    };
    const copyOf = async (...input: Parameters<typeof withOdd>) => {
      const result = await withOdd(...input);
      if (result.kind !== 'copied') throw new Error(result.reason.code);
      const encoding = findFileEncoding(result.bytes);
      if (encoding.kind !== 'dicom') throw new Error(encoding.kind);
      const { elements } = parseElements(result.bytes, encoding.dataSetOffset, input[1] ?? EXPLICIT);
      return { ...result, text: latin1(result.bytes), elements };
    };

    it('takes apart sequences whatever they are labelled', async () => {
      const inner = await deidentifier().mapUid('1.2.3.44');
      const labels = 'OB OW OF OD OL OV FD US AT UN LT UC SV';
      const odd = labels.split(' ').flatMap((vr) => [
        rawSequence(REFERENCED_SERIES, vr, others()),
        rawSequence(REFERENCED_SERIES, vr, others(), {
          open: vr !== 'LT' && vr !== 'FD' && vr !== 'AT' && vr !== 'US',
        }),
        rawSequence(REFERENCED_SERIES, vr, others(IMPLICIT)),
        rawSequence(REFERENCED_SERIES, vr, others(BIG_ENDIAN), { item: BIG_ENDIAN }),
      ]);
      for (const element of odd) {
        const { text, elements } = await copyOf(element);
        expect(text).not.toMatch(/House|20260304|1\.2\.3\.44/);
        expect(elements.has('x00200032')).toBe(true);
      }
      const labelled = await copyOf(rawSequence(REFERENCED_SERIES, 'OB', others()));
      expect(labelled.elements.items('x00081115')[0]?.text('x00081155')).toBe(inner);
      const bigEndian = await copyOf(
        rawSequence(REFERENCED_SERIES, 'OW', others(BIG_ENDIAN), { outer: BIG_ENDIAN }),
        BIG_ENDIAN,
      );
      expect(bigEndian.text).not.toMatch(/House|20260304|1\.2\.3\.44/);
      const within = rawSequence(0x00081199, 'OB', others());
      expect((await copyOf(rawSequence(REFERENCED_SERIES, 'OB', within))).text).not.toMatch(/House/);
      expect((await copyOf(rawSequence(UNKNOWN, 'OB', others()))).text).not.toMatch(/House/);
    });

    it('removes a sequence that cannot be read as one, or leaves the file out', async () => {
      const garbage = await copyOf(rawElement(REFERENCED_SERIES, 'OB', ascii('  House^Gregory ')));
      expect([garbage.text.includes('House'), garbage.cleaned]).toEqual([false, 1]);
      const cut = (tag: number) => {
        const whole = rawSequence(tag, 'OB', others()).subarray(12, -6);
        return rawElement(tag, 'OB', whole);
      };
      expect(await withOdd(cut(REFERENCED_SERIES))).toMatchObject({ reason: { code: 'objects.damaged' } });
      const unknown = await copyOf(cut(UNKNOWN));
      expect([unknown.text.includes('House'), unknown.cleaned]).toEqual([false, 1]);
    });

    it('knows UIDs and names by the dictionary, not by labels alone', async () => {
      for (const [vr, encoding] of [
        ['UI', IMPLICIT],
        ['OB', EXPLICIT],
        ['UN', EXPLICIT],
      ] as const) {
        const { elements } = await copyOf(
          rawElement(TARGET_FRAME, vr, ascii('1.2.3.44'), encoding),
          encoding,
        );
        expect(elements.text('x0018991e'), vr).toBe(await deidentifier().mapUid('1.2.3.44'));
        const name = await copyOf(
          rawElement(SECOND_REVIEWER, vr, ascii('House^Gregory'), encoding),
          encoding,
        );
        expect(name.text, vr).not.toContain('House');
      }
      const uid = '1.2.826.0.1.3680043.99.7';
      const unknown = await copyOf(rawElement(UNKNOWN, 'UN', ascii(uid)));
      expect(unknown.elements.text('x00081ff2')).toBe(await deidentifier().mapUid(uid));
    });

    it('finds the patient in texts whatever they are labelled, and no number of the patient in a position', async () => {
      for (const vr of ['OB', 'DS', 'UN', 'SH', 'FD']) {
        const { text, cleaned } = await copyOf(rawElement(KERNEL, vr, ascii('B26 MILLER')));
        expect([/miller/i.test(text), cleaned], vr).toEqual([false, 1]);
      }
      const sameDigits = await copyOf(rawElement(KERNEL, 'SH', ascii('B26'), IMPLICIT), IMPLICIT, '158.13');
      expect(sameDigits.elements.text('x00200032')).toBe('-158.13\\-75.2\\10');
      expect(sameDigits.cleaned).toBe(0);
    });

    it('reads the text of an item in the character set that the item names', async () => {
      const content = joined([
        rawElement(0x00080005, 'CS', ascii('ISO_IR 192')),
        rawElement(KERNEL, 'SH', ascii(Buffer.from('sharp, Jané').toString('latin1'))),
      ]);
      const { text, cleaned } = await copyOf(rawSequence(REFERENCED_SERIES, 'SQ', content));
      expect([text.includes('Jan'), cleaned]).toEqual([false, 1]);
    });
  });

  it('leaves out of a report who reviewed it and what readers typed', async () => {
    const item = (code: string, text: string): readonly ElementToWrite[] => [
      { tag: 0x0040a043, vr: 'SQ', value: [[{ tag: 0x00080100, vr: 'SH', value: code }]] },
      { tag: 0x0040a160, vr: 'LO', value: text },
    ];
    const content = [
      item('112039', 'Ruler 1'),
      item('112039', 'As Aunt Mary has'),
      item('121106', 'As Aunt Mary has'),
      item('121106', 'Accepted by Dr Roe, 2026-01-02 03:04 UTC.'),
    ];
    const { bytes } = await copied(
      ctSlice(volume, 0, { '0008,0016': '1.2.840.10008.5.1.4.1.1.88.34', '0040,a730': content }),
    );
    const text = latin1(bytes);
    expect(text).toContain('Ruler 1');
    expect(text).toContain('Accepted by a reviewer.');
    expect(text).not.toMatch(/Mary|Roe|2026-01-02/);
  });

  it('takes the class of an image that does not name it from the file’s header', async () => {
    const copy = await copied(ctSlice(volume, 0, { ...NAMED, '0008,0016': undefined }));
    expect(elementsOf(copy.bytes).text('x00100010')).toBe(copy.pseudonym);
    expect(latin1(copy.bytes.subarray(0, 300))).toContain('1.2.840.10008.5.1.4.1.1.2\0');
    // Of a screenshot that names its class there alone too.
    const unnamed = latin1(ctSlice(volume, 0, { '0008,0016': undefined, '0028,0301': undefined }));
    const screenshot = Buffer.from(unnamed.replaceAll('4.1.1.2\0', '4.1.1.7\0'), 'latin1');
    expect(await deidentifier().copy(screenshot)).toMatchObject({
      kind: 'leftOut',
      reason: { code: 'objects.may-be-burned-in' },
    });
  });

  it('copies nothing of a file that ends early', async () => {
    const whole = named();
    for (let length = 200; length < whole.length; length += 97) {
      const result = await deidentifier().copy(whole.subarray(0, length));
      expect(result.kind, `${length} bytes`).toBe('leftOut');
    }
  });

  it('knows every attribute of the table that CT, SC, SEG and SR have', () => {
    expect(PROFILE_TAGS.size).toBe(612);
    for (const tag of [
      0x00080050, 0x00080090, 0x00081070, 0x00100010, 0x00104000, 0x00181000, 0x00400275, 0x0040a124,
    ])
      expect(PROFILE_TAGS.has(tag), tag.toString(16)).toBe(true);
  });
});
