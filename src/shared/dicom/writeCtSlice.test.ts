import { describe, expect, it } from 'vitest';
import { parseSliceHeader } from './parseSliceHeader.ts';
import { rampVolume, smallGrid } from './testing/ctFixtures.ts';
import { uidFromName } from './uid.ts';
import { defaultCtSeriesMetadata, syntheticUids, writeCtSlice } from './writeCtSlice.ts';
import { decimalString } from './writeElements.ts';

const volume = rampVolume(smallGrid());
const metadata = defaultCtSeriesMetadata(7, volume.grid);

describe('writeCtSlice', () => {
  it('writes the same bytes for the same input', () => {
    expect(writeCtSlice(volume, 3, metadata)).toEqual(
      writeCtSlice(rampVolume(smallGrid()), 3, { ...metadata }),
    );
  });

  it('has an even length and says that it is synthetic and of no patient', () => {
    const bytes = writeCtSlice(volume, 3, metadata);
    expect(bytes.length % 2).toBe(0);
    const text = String.fromCharCode(...bytes);
    for (const words of ['AURICLE-PHANTOM-7', 'Synthetic', 'ORIGINAL\\PRIMARY\\AXIAL', 'no patient']) {
      expect(text).toContain(words);
    }
  });

  it('clamps HU to the stored range', () => {
    const extreme = {
      grid: smallGrid({ sizeIjk: [2, 2, 1] }),
      data: Int16Array.of(-3000, 3071, 3072, 32767),
    };
    for (const [bitsStored, expected] of [
      [12, [0, 4095, 4095, 4095]],
      [16, [0, 4095, 4096, 33791]],
    ] as const) {
      const bytes = writeCtSlice(extreme, 0, { ...metadata, bitsStored });
      expect(Array.from(new Uint16Array(bytes.slice(-8).buffer))).toEqual(expected);
    }
  });

  it('gives other UIDs to another seed and to another geometry, the same study to one seed', () => {
    const uids = syntheticUids(metadata, volume.grid);
    const finer = syntheticUids(metadata, smallGrid({ spacingMm: [0.4, 0.4, 1] }));
    expect(finer.series).not.toBe(uids.series);
    expect(finer.study).toBe(uids.study);
    expect(syntheticUids({ ...metadata, seed: 8 }, volume.grid).study).not.toBe(uids.study);
    const parsedHeader = parseSliceHeader(writeCtSlice(volume, 3, metadata));
    expect(parsedHeader).toMatchObject({ header: { identity: { sopInstanceUid: uids.instance(3) } } });
  });
});

describe('uidFromName', () => {
  it('makes valid and distinct UIDs', () => {
    const uids = Array.from({ length: 2000 }, (_, n) => uidFromName(`phantom ${n}`));
    expect(new Set(uids).size).toBe(2000);
    for (const uid of uids) expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  });
  it('is a UUID of version 8', () => {
    const hex = BigInt(uidFromName('x').slice(5)).toString(16).padStart(32, '0');
    expect(hex[12]).toBe('8');
    expect('89ab').toContain(hex[16]);
  });
});

describe('decimalString', () => {
  it('fits 16 characters and is as close as they allow', () => {
    for (const value of [0, -0, 1 / 3, -1234.56789012345, 1e-9 / 3, -1e-7, 123456789.12345679, 0.1 + 0.2]) {
      const text = decimalString(value);
      expect(text.length).toBeLessThanOrEqual(16);
      expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(1e-8 * Math.max(1e-3, Math.abs(value)));
    }
  });
});
