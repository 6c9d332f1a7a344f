import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { ijkToLps } from '../../geometry/gridLps.ts';
import type { Vec3 } from '../../geometry/vec3.ts';
import type { Volume } from '../../volume/volume.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '../writeCtSlice.ts';
import { decimalString, type ElementToWrite, writeDicomFile } from '../writeElements.ts';
import { encapsulatedElement, joined, storedWords } from './compressedFixtures.ts';
import { type Changes, changed } from './ctFixtures.ts';

const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1';

type Items = readonly (readonly ElementToWrite[])[];
const sequence = (tag: number, items: Items): ElementToWrite => ({ tag, vr: 'SQ', value: items });
const decimals = (tag: number, values: readonly number[]): ElementToWrite => ({
  tag,
  vr: 'DS',
  value: values.map(decimalString).join('\\'),
});

export interface EnhancedOptions {
  /** For each frame, the slice of the volume that it shows. */
  readonly frames: readonly number[];
  readonly changes?: Changes;
  /** Where frames lie that are not where the grid has them. */
  readonly positionLpsMm?: (k: number) => Vec3;
  /** More functional groups of frame n. */
  readonly frameGroups?: (n: number) => readonly ElementToWrite[];
  readonly rescaling?: readonly ElementToWrite[];
  readonly transferSyntaxUid?: string;
  /** Code streams in place of the stored values, one item each, with their offset table. */
  readonly codeStreams?: readonly Uint8Array[];
  readonly offsetTable?: readonly number[];
}

/** A volume as one Enhanced CT file: plane, rescaling and measures shared, positions for each frame. */
export function enhancedCt(volume: Volume<Int16Array>, options: EnhancedOptions): Uint8Array {
  const { frames, changes = {}, codeStreams } = options;
  const { grid } = volume;
  const positionOf = options.positionLpsMm ?? ((k: number) => ijkToLps(grid, [0, 0, k]));
  const { meta, dataSet } = ctSliceElements(volume, 0, defaultCtSeriesMetadata(1, grid));
  const [columnMm, rowMm, stepMm] = grid.spacingMm;
  const rescaling = options.rescaling ?? [decimals(0x00281052, [-1024]), decimals(0x00281053, [1])];
  const shared = [
    sequence(0x00289110, [[decimals(0x00280030, [rowMm, columnMm]), decimals(0x00180050, [stepMm])]]),
    sequence(0x00209116, [[decimals(0x00200037, [...grid.directions[0], ...grid.directions[1]])]]),
    sequence(0x00289145, [rescaling]),
  ];
  const perFrame = frames.map((k, n) => [
    sequence(0x00209113, [[decimals(0x00200032, positionOf(k))]]),
    ...(options.frameGroups?.(n) ?? []),
  ]);
  const elements = changed(dataSet, {
    '0008,0016': ENHANCED_CT,
    '0020,0032': undefined,
    '0020,0037': undefined,
    '0028,0030': undefined,
    '0018,0050': undefined,
    '0028,1052': undefined,
    '0028,1053': undefined,
    '0028,1054': undefined,
    '7fe0,0010':
      options.codeStreams || changes['7fe0,0010']
        ? undefined
        : joined(frames.map((k) => storedWords(volume, k))),
    '0028,0008': String(frames.length),
    ...changes,
  });
  const groups = [sequence(0x52009229, [shared]), sequence(0x52009230, perFrame)];
  const syntax = withoutUndefined({ '0002,0010': options.transferSyntaxUid });
  const head = writeDicomFile(changed(meta, syntax), [...elements, ...groups]);
  return codeStreams === undefined
    ? head
    : joined([head, encapsulatedElement(codeStreams, options.offsetTable)]);
}

/** Frame Content with its temporal position, for frames of several phases. */
export const temporalPosition = (index: number): ElementToWrite =>
  sequence(0x00209111, [[{ tag: 0x00209128, vr: 'UL', value: index }]]);
