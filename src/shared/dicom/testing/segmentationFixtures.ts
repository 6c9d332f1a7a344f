import { decimalString, type ElementToWrite, writeDicomFile } from '#shared/dicom/writeElements.ts';
import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';

export interface SegmentationToWrite {
  readonly type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  readonly grid: GridLps;
  /** In the file's order: which segment, which slice, and its values (0 or 1; 0 to 255; the label). */
  readonly frames: readonly {
    readonly segment: number;
    readonly slice: number;
    readonly values: ArrayLike<number>;
  }[];
  readonly labels: Readonly<Record<number, string>>;
  readonly frameOfReferenceUid?: string;
  /** Segments that `labels` describes and the file does not. */
  readonly undescribed?: readonly number[];
  /** Whether frames say which segment they show; true where left out. */
  readonly isNumbered?: boolean;
  /** Whether it states the distance of its slices; true where left out. */
  readonly isStepStated?: boolean;
  /** The series and the images that it says it was made on. */
  readonly madeOn?: { readonly series?: string; readonly images?: readonly string[] };
}

const sequence = (tag: number, items: readonly (readonly ElementToWrite[])[]): ElementToWrite => ({
  tag,
  vr: 'SQ',
  value: items,
});
const decimals = (tag: number, values: readonly number[]): ElementToWrite => ({
  tag,
  vr: 'DS',
  value: values.map(decimalString).join('\\'),
});

/** A DICOM segmentation as the standard describes it. */
export function dicomSegmentation({
  type,
  grid,
  frames,
  labels,
  frameOfReferenceUid = '1.2.3',
  undescribed = [],
  isNumbered = true,
  isStepStated = true,
  madeOn = {},
}: SegmentationToWrite): Uint8Array {
  const [columns, rows] = grid.sizeIjk;
  const values = frames.flatMap((frame) => Array.from(frame.values));
  const pixels = new Uint8Array(type === 'BINARY' ? Math.ceil(values.length / 8) : values.length);
  values.forEach((value, index) => {
    if (type === 'BINARY') pixels[index >> 3]! |= (value & 1) << (index & 7);
    else pixels[index] = value;
  });
  const sopClass = `1.2.840.10008.5.1.4.1.1.66.${type === 'LABELMAP' ? 7 : 4}`;
  const shared: ElementToWrite[] = [
    sequence(0x00289110, [
      [
        decimals(0x00280030, [grid.spacingMm[1], grid.spacingMm[0]]),
        decimals(0x00180050, [grid.spacingMm[2]]),
        ...(isStepStated ? [decimals(0x00180088, [grid.spacingMm[2]])] : []),
      ],
    ]),
    sequence(0x00209116, [[decimals(0x00200037, [...grid.directions[0], ...grid.directions[1]])]]),
  ];
  return writeDicomFile(
    [
      { tag: 0x00020002, vr: 'UI', value: sopClass },
      { tag: 0x00020003, vr: 'UI', value: '1.2.3.4' },
      { tag: 0x00020010, vr: 'UI', value: '1.2.840.10008.1.2.1' },
    ],
    [
      { tag: 0x00080016, vr: 'UI', value: sopClass },
      { tag: 0x00080060, vr: 'CS', value: 'SEG' },
      ...(madeOn.series === undefined
        ? []
        : [
            sequence(0x00081115, [
              [
                ...(madeOn.images === undefined
                  ? []
                  : [
                      sequence(
                        0x0008114a,
                        madeOn.images.map((uid) => [{ tag: 0x00081155, vr: 'UI', value: uid } as const]),
                      ),
                    ]),
                { tag: 0x0020000e, vr: 'UI', value: madeOn.series },
              ],
            ]),
          ]),
      { tag: 0x00200052, vr: 'UI', value: frameOfReferenceUid },
      { tag: 0x00280008, vr: 'IS', value: String(frames.length) },
      { tag: 0x00280010, vr: 'US', value: rows },
      { tag: 0x00280011, vr: 'US', value: columns },
      { tag: 0x00280100, vr: 'US', value: type === 'BINARY' ? 1 : 8 },
      { tag: 0x00620001, vr: 'CS', value: type },
      ...(type === 'FRACTIONAL' ? [{ tag: 0x0062000e, vr: 'US', value: 200 } as const] : []),
      sequence(
        0x00620002,
        Object.entries(labels)
          .filter(([value]) => !undescribed.includes(Number(value)))
          .map(([value, name]) => [
            { tag: 0x00620004, vr: 'US', value: Number(value) },
            { tag: 0x00620005, vr: 'LO', value: name },
          ]),
      ),
      sequence(0x52009229, [shared]),
      sequence(
        0x52009230,
        frames.map(({ segment, slice }) => [
          sequence(0x00209113, [[decimals(0x00200032, ijkToLps(grid, [0, 0, slice]))]]),
          ...(type === 'LABELMAP' || !isNumbered
            ? []
            : [sequence(0x0062000a, [[{ tag: 0x0062000b, vr: 'US', value: segment }]])]),
        ]),
      ),
      { tag: 0x7fe00010, vr: 'OB', value: pixels },
    ],
  );
}
