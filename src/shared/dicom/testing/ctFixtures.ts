import { type GridLps, LPS_AXES, voxelCount } from '../../geometry/gridLps.ts';
import type { Volume } from '../../volume/volume.ts';
import type { LostFile, SliceFile } from '../imageSeries.ts';
import { parseSliceHeader } from '../parseSliceHeader.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '../writeCtSlice.ts';
import { type ElementToWrite, writeDicomFile } from '../writeElements.ts';

/** Small synthetic series for tests, and ways to break them. */

export const smallGrid = (overrides: Partial<GridLps> = {}): GridLps => ({
  sizeIjk: [6, 5, 8],
  originLpsMm: [-10, -20, 100],
  spacingMm: [0.5, 0.75, 1.25],
  directions: LPS_AXES,
  ...overrides,
});

/** HU = 10·i + 100·j − 5·k: every voxel's value shows its position. */
export function rampVolume(grid: GridLps): Volume<Int16Array> {
  const data = new Int16Array(voxelCount(grid));
  const [nI, nJ, nK] = grid.sizeIjk;
  let v = 0;
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) for (let i = 0; i < nI; i++) data[v++] = 10 * i + 100 * j - 5 * k;
  }
  return { grid, data };
}

/** Elements to put in place of the writer's own, by tag (`0020,0032`); undefined leaves one out. */
export type Changes = Readonly<Record<string, ElementToWrite['value'] | undefined>>;

/** The VRs of elements that tests add and the writer does not write. */
const ADDED_VRS: Readonly<Record<string, ElementToWrite['vr']>> = {
  '0020,0100': 'IS',
  '0018,1060': 'DS',
  '0008,0032': 'TM',
  '0028,0008': 'IS',
  '0028,2110': 'CS',
  '0028,3000': 'SQ',
  '0028,0120': 'US',
  '0028,0121': 'US',
  '0009,1001': 'SQ',
  '0040,a730': 'SQ',
  '0018,0022': 'CS',
  '0020,9241': 'DS',
  '0020,9162': 'US',
  '0020,9163': 'US',
};

export function ctSlice(volume: Volume<Int16Array>, k: number, changes: Changes = {}, seed = 1): Uint8Array {
  const { meta, dataSet } = ctSliceElements(volume, k, defaultCtSeriesMetadata(seed, volume.grid));
  return writeDicomFile(meta, changed(dataSet, changes));
}

export function changed(dataSet: readonly ElementToWrite[], changes: Changes): ElementToWrite[] {
  const elements = new Map(dataSet.map((element) => [element.tag, element]));
  for (const [key, value] of Object.entries(changes)) {
    const tag = Number.parseInt(key.replace(',', ''), 16);
    if (value === undefined) elements.delete(tag);
    else elements.set(tag, { tag, vr: elements.get(tag)?.vr ?? ADDED_VRS[key] ?? 'LO', value });
  }
  return [...elements.values()];
}

/** The data set alone in Implicit VR Little Endian: no preamble, no meta group. */
export function implicitDataSet(dataSet: readonly ElementToWrite[]): Uint8Array {
  const explicit = writeDicomFile([], dataSet);
  const view = new DataView(explicit.buffer);
  const out: number[] = [];
  // Past preamble, prefix and group length; turns each explicit element header into an implicit one.
  let at = 132 + 12;
  while (at < explicit.length) {
    const vr = String.fromCharCode(explicit[at + 4]!, explicit[at + 5]!);
    const long = ['OB', 'OW', 'SQ'].includes(vr);
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const valueAt = at + (long ? 12 : 8);
    out.push(...explicit.subarray(at, at + 4));
    for (const shift of [0, 8, 16, 24]) out.push((length >>> shift) & 255);
    out.push(...explicit.subarray(valueAt, valueAt + length));
    at = valueAt + length;
  }
  return Uint8Array.from(out);
}

/** The data set alone in Explicit VR Big Endian. Without sequences. */
export function bigEndianDataSet(dataSet: readonly ElementToWrite[]): Uint8Array {
  const out = writeDicomFile([], dataSet).slice(132 + 12);
  const swap = (at: number, size: number): void => {
    out.subarray(at, at + size).reverse();
  };
  const view = new DataView(out.buffer);
  for (let at = 0; at < out.length; ) {
    const vr = String.fromCharCode(out[at + 4]!, out[at + 5]!);
    const long = vr === 'OW';
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    const valueAt = at + (long ? 12 : 8);
    swap(at, 2);
    swap(at + 2, 2);
    if (long) swap(at + 8, 4);
    else swap(at + 6, 2);
    const words = vr === 'US' || vr === 'OW' ? length / 2 : 0;
    for (let word = 0; word < words; word++) swap(valueAt + 2 * word, 2);
    at = valueAt + length;
  }
  return out;
}

/** Files by name, as a folder would hold them. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** A whole series as files; `changes` may differ from slice to slice. */
export function ctFiles(
  volume: Volume<Int16Array>,
  changes: (k: number) => Changes = () => ({}),
  seed = 1,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let k = 0; k < volume.grid.sizeIjk[2]; k++) {
    files.set(`slice-${String(k + 1).padStart(4, '0')}`, ctSlice(volume, k, changes(k), seed));
  }
  return files;
}

/** What a folder scan makes of files, in memory. */
export function parsed(files: Files): { readonly slices: SliceFile[]; readonly lost: LostFile[] } {
  const slices: SliceFile[] = [];
  const lost: LostFile[] = [];
  for (const [fileName, bytes] of files) {
    const result = parseSliceHeader(bytes);
    if (result.kind === 'slice') slices.push({ sourceId: fileName, fileName, header: result.header });
    if (result.kind === 'frames') {
      for (const header of result.headers) slices.push({ sourceId: fileName, fileName, header });
    }
    if (result.kind === 'damaged' || result.kind === 'unsupported') lost.push({ ...result, fileName });
  }
  return { slices, lost };
}
