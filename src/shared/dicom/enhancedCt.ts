import { type Failure, failure } from '../failures/failure.ts';
import type { DataElements } from './dataElements.ts';
import { frameRanges } from './encapsulated.ts';
import { readOtherDistinctions } from './otherDistinctions.ts';
import { describePixels, pixelExcess, pixelShortfall, type SlicePixels, storageOf } from './pixelStorage.ts';
import { Damage, percentOf, readPixelFormat, readPlane, readTexts, readWindow } from './sliceAttributes.ts';
import { type PixelStorage, pixelDataLength, type SliceHeader } from './sliceHeader.ts';

export type EnhancedFrames =
  | { readonly kind: 'frames'; readonly headers: readonly SliceHeader[] }
  | { readonly kind: 'unsupported'; readonly reason: Failure };

/** More frames than ten heart phases of the finest scan have. */
export const MAX_FRAMES = 20_000;
const EXTENDED_OFFSET_TABLE = 'x7fe00001';

/**
 * The frames of an Enhanced CT image (PS3.3 A.38) as slices. A frame's own functional groups take precedence over the
 * shared ones (C.7.6.16).
 *
 * @throws Damage where attributes are missing or the frames are not all there
 */
export function readEnhancedFrames(pixels: SlicePixels): EnhancedFrames {
  const { elements } = pixels;
  const frameCount = elements.decimals('x00280008')[0] ?? 0;
  const perFrame = elements.items('x52009230');
  const shared = elements.items('x52009229')[0];
  if (!Number.isInteger(frameCount) || frameCount < 1 || frameCount > MAX_FRAMES) {
    throw new Damage(failure('dicom.frame-count-unknown'));
  }
  if (perFrame.length !== frameCount) {
    throw new Damage(failure('dicom.frames-undescribed', { described: perFrame.length, frames: frameCount }));
  }
  const texts = readTexts(elements);
  const whole = { ...texts, identity: { ...texts.identity, partOfImage: partOfImage(elements) } };
  const storages = frameStorages(pixels, frameCount);
  const headers: SliceHeader[] = [];
  for (const [index, frame] of perFrame.entries()) {
    const group = (tag: string): DataElements => frame.items(tag)[0] ?? shared?.items(tag)[0] ?? elements;
    const transformation = group('x00289145');
    refuseOtherRescale(frame, shared);
    const described = describePixels(pixels, transformation);
    if (described.kind === 'unsupported') return described;
    const measures = group('x00289110');
    const plane = readPlane({
      matrix: elements,
      position: group('x00209113'),
      orientation: group('x00209116'),
      measures,
    });
    const format = readPixelFormat({
      elements,
      rescaling: transformation,
      bitsAllocated: described.bitsAllocated,
      isCompressed: pixels.syntax.kind === 'encapsulated',
    });
    if (index === 0) {
      const shortfall = pixelShortfall(pixels, plane, format, frameCount);
      if (shortfall !== undefined) throw new Damage(shortfall);
    }
    const storage = storages[index]!;
    headers.push({
      ...whole,
      ...frameTexts(whole, group, index, elements),
      plane,
      pixels: {
        ...format,
        dataOffset:
          storage.kind === 'encapsulated'
            ? storage.from
            : format.dataOffset + index * pixelDataLength(plane, format),
      },
      storage,
      remarks: [...described.remarks, ...pixelExcess(pixels, plane, format, frameCount)],
      window: readWindow(group('x00289132')),
    });
  }
  return { kind: 'frames', headers };
}

/** Throws Damage where all frames together and one by itself have values of HU that differ. */
function refuseOtherRescale(frame: DataElements, shared: DataElements | undefined): void {
  const [own, common] = [frame, shared].map((groups) => groups?.items('x00289145')[0]);
  if (!own || !common) return;
  for (const [tag, element] of [
    ['x00281052', 'Rescale Intercept'],
    ['x00281053', 'Rescale Slope'],
  ] as const) {
    if (own.has(tag) && common.has(tag) && own.decimals(tag)[0] !== common.decimals(tag)[0])
      throw new Damage(failure('dicom.contradicts-itself', { element }));
  }
}

/** Which part of a concatenation a file is. */
function partOfImage(elements: DataElements): SliceHeader['identity']['partOfImage'] {
  const number = elements.uint16('x00209162');
  return number === undefined ? undefined : { number, count: elements.uint16('x00209163') };
}

function frameTexts(
  { identity, labels, acquisition }: Pick<SliceHeader, 'identity' | 'labels' | 'acquisition'>,
  group: (tag: string) => DataElements,
  index: number,
  elements: DataElements,
): Pick<SliceHeader, 'identity' | 'labels' | 'acquisition'> {
  const content = group('x00209111');
  const cardiac = group('x00189118');
  const frameType = group('x00189329').texts('x00089007');
  return {
    identity: { ...identity, frameNumber: index + 1 },
    labels: {
      ...labels,
      convolutionKernel: group('x00189314').text('x00181210') || labels.convolutionKernel,
      imageType: frameType.length > 0 ? frameType.map((value) => value.toUpperCase()) : labels.imageType,
    },
    acquisition: {
      ...acquisition,
      instanceNumber: index + 1,
      acquisitionNumber: content.uint16('x00209156') ?? acquisition.acquisitionNumber,
      temporalPosition: content.uint32('x00209128') ?? acquisition.temporalPosition,
      cardiacPhasePercent: percentOf(cardiac) ?? acquisition.cardiacPhasePercent,
      triggerDelayMs: cardiac.float('x00209153') ?? acquisition.triggerDelayMs,
      // Of the date and time that a frame has, the time.
      acquisitionTime: content.text('x00189074').slice(8) || acquisition.acquisitionTime,
      imageComments: content.text('x00209158') || acquisition.imageComments,
      tubeVoltageKv: group('x00189325').decimals('x00180060')[0] ?? acquisition.tubeVoltageKv,
      monoenergeticKev: group('x00189364').float('x0018937c') ?? acquisition.monoenergeticKev,
      others: readOtherDistinctions(elements, group),
    },
  };
}

function frameStorages(pixels: SlicePixels, frameCount: number): PixelStorage[] {
  const { elements, bytes, syntax } = pixels;
  if (syntax.kind !== 'encapsulated') {
    const storage = storageOf(pixels);
    return Array.from({ length: frameCount }, () => storage);
  }
  const start = elements.pixelData?.offset ?? 0;
  const ranges = frameRanges(bytes, start, frameCount, elements.uint64s(EXTENDED_OFFSET_TABLE));
  if (ranges === undefined) throw new Damage(failure('dicom.frames-cut'));
  return ranges.map(({ from, to }) => ({
    kind: 'encapsulated',
    codec: syntax.codec,
    from,
    to,
    hasOffsetTable: false,
  }));
}
