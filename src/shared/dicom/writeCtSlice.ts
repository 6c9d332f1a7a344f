import { type GridLps, ijkToLps } from '../geometry/gridLps.ts';
import type { VolumeHu } from '../volume/volume.ts';
import { CT_IMAGE_STORAGE, EXPLICIT_VR_LITTLE_ENDIAN } from './transferSyntax.ts';
import { uidFromName } from './uid.ts';
import { decimalString, type ElementToWrite, writeDicomFile } from './writeElements.ts';

/** What a synthetic CT series says about itself beside its geometry. Texts are ASCII. */
export interface CtSeriesMetadata {
  /** The phantom's seed; UIDs and the patient ID are made of it. */
  readonly seed: number;
  readonly studyDescription: string;
  readonly seriesDescription: string;
  readonly seriesNumber: number;
  readonly tubeVoltageKv: number;
  readonly convolutionKernel: string;
  readonly contrastAgent: string;
  readonly sliceThicknessMm: number;
  readonly window: { readonly centreHu: number; readonly widthHu: number };
  /** 12 holds −1024…3071 HU, 16 holds −1024…64511 HU. */
  readonly bitsStored: 12 | 16;
  /** Where in the heart cycle, % of the RR interval; left out where there is but one phase. */
  readonly cardiacPhasePercent?: number;
}

export const defaultCtSeriesMetadata = (seed: number, grid: GridLps): CtSeriesMetadata => ({
  seed,
  studyDescription: 'Auricle synthetic cardiac CT',
  seriesDescription: 'Synthetic CTA heart, arterial phase (phantom)',
  seriesNumber: 1,
  tubeVoltageKv: 120,
  convolutionKernel: 'AURICLE-SOFT',
  contrastAgent: 'SIMULATED IODINE',
  sliceThicknessMm: grid.spacingMm[2],
  window: { centreHu: 250, widthHu: 800 },
  bitsStored: 12,
});

/** Identifies this writer in file meta information. */
const IMPLEMENTATION_CLASS_UID = uidFromName('Auricle DICOM writer 1');
/** A phantom was never scanned, but archives and DICOMDIRs need a date. The current time would make bytes differ. */
const SYNTHETIC_DATE = '20000101';
const RESCALE_INTERCEPT_HU = -1024;

/** The UIDs of a synthetic series: functions of seed, geometry and metadata, so the same scan gets the same ones. */
export function syntheticUids(
  metadata: CtSeriesMetadata,
  grid: GridLps,
): {
  readonly study: string;
  readonly series: string;
  readonly frameOfReference: string;
  instance(k: number): string;
} {
  const study = `auricle phantom ${metadata.seed}`;
  const series = `${study} series ${JSON.stringify([metadata, grid])}`;
  return {
    study: uidFromName(study),
    frameOfReference: uidFromName(`${study} frame of reference`),
    series: uidFromName(series),
    instance: (k) => uidFromName(`${series} slice ${k}`),
  };
}

/**
 * The bytes of slice k of a volume as a CT Image (PS3.3 A.3): all type 1 and 2 attributes of its modules, rescale
 * slope 1 and intercept −1024. HU beyond the stored range are clamped. Nothing depends on time or chance: the same
 * input gives the same bytes.
 */
export function writeCtSlice(volume: VolumeHu, k: number, metadata: CtSeriesMetadata): Uint8Array {
  const { meta, dataSet } = ctSliceElements(volume, k, metadata);
  return writeDicomFile(meta, dataSet);
}

/** The elements that {@link writeCtSlice} writes. */
export function ctSliceElements(
  volume: VolumeHu,
  k: number,
  metadata: CtSeriesMetadata,
): { readonly meta: ElementToWrite[]; readonly dataSet: ElementToWrite[] } {
  const { grid } = volume;
  const uids = syntheticUids(metadata, grid);
  const instance = uids.instance(k);
  const pixels = storedValues(volume, k, metadata.bitsStored);
  const meta: ElementToWrite[] = [
    { tag: 0x00020001, vr: 'OB', value: new Uint8Array([0, 1]) },
    { tag: 0x00020002, vr: 'UI', value: CT_IMAGE_STORAGE },
    { tag: 0x00020003, vr: 'UI', value: instance },
    { tag: 0x00020010, vr: 'UI', value: EXPLICIT_VR_LITTLE_ENDIAN },
    { tag: 0x00020012, vr: 'UI', value: IMPLEMENTATION_CLASS_UID },
    { tag: 0x00020013, vr: 'SH', value: 'AURICLE' },
  ];
  const dataSet: ElementToWrite[] = [
    { tag: 0x00080018, vr: 'UI', value: instance },
    { tag: 0x0020000d, vr: 'UI', value: uids.study },
    { tag: 0x0020000e, vr: 'UI', value: uids.series },
    { tag: 0x00200052, vr: 'UI', value: uids.frameOfReference },
    ...patientAndStudy(metadata),
    ...acquisition(metadata),
    ...plane(grid, k),
    ...pixelDescription(metadata),
    ...cardiacPhase(metadata),
    { tag: 0x7fe00010, vr: 'OW', value: pixels },
  ];
  return { meta, dataSet };
}

const decimals = (values: readonly number[]): string => values.map(decimalString).join('\\');

function patientAndStudy(metadata: CtSeriesMetadata): ElementToWrite[] {
  return [
    { tag: 0x00080005, vr: 'CS', value: 'ISO_IR 192' },
    { tag: 0x00080020, vr: 'DA', value: SYNTHETIC_DATE },
    { tag: 0x00080023, vr: 'DA', value: SYNTHETIC_DATE },
    { tag: 0x00080030, vr: 'TM', value: '000000' },
    { tag: 0x00080033, vr: 'TM', value: '000000' },
    { tag: 0x00080050, vr: 'SH', value: '' },
    { tag: 0x00080090, vr: 'PN', value: '' },
    { tag: 0x00081030, vr: 'LO', value: metadata.studyDescription },
    { tag: 0x00100010, vr: 'PN', value: `Phantom^Seed ${metadata.seed}` },
    { tag: 0x00100020, vr: 'LO', value: `AURICLE-PHANTOM-${metadata.seed}` },
    { tag: 0x00100030, vr: 'DA', value: '' },
    { tag: 0x00100040, vr: 'CS', value: 'O' },
    { tag: 0x00120062, vr: 'CS', value: 'YES' },
    { tag: 0x00120063, vr: 'LO', value: 'Synthetic phantom: no patient was imaged' },
    { tag: 0x00200010, vr: 'SH', value: String(metadata.seed) },
  ];
}

function acquisition(metadata: CtSeriesMetadata): ElementToWrite[] {
  return [
    { tag: 0x00080008, vr: 'CS', value: 'ORIGINAL\\PRIMARY\\AXIAL' },
    { tag: 0x00080016, vr: 'UI', value: CT_IMAGE_STORAGE },
    { tag: 0x00080060, vr: 'CS', value: 'CT' },
    { tag: 0x00080070, vr: 'LO', value: 'Auricle' },
    { tag: 0x0008103e, vr: 'LO', value: metadata.seriesDescription },
    { tag: 0x00081090, vr: 'LO', value: 'Synthetic cardiac CT phantom' },
    { tag: 0x00180010, vr: 'LO', value: metadata.contrastAgent },
    { tag: 0x00180015, vr: 'CS', value: 'HEART' },
    { tag: 0x00180060, vr: 'DS', value: decimalString(metadata.tubeVoltageKv) },
    { tag: 0x00181120, vr: 'DS', value: '0' },
    { tag: 0x00181210, vr: 'SH', value: metadata.convolutionKernel },
    { tag: 0x00185100, vr: 'CS', value: 'HFS' },
    { tag: 0x00200011, vr: 'IS', value: String(metadata.seriesNumber) },
    { tag: 0x00200012, vr: 'IS', value: '1' },
    { tag: 0x00201040, vr: 'LO', value: '' },
    { tag: 0x00180050, vr: 'DS', value: decimalString(metadata.sliceThicknessMm) },
    { tag: 0x00282110, vr: 'CS', value: '00' },
    { tag: 0x00280301, vr: 'CS', value: 'NO' },
  ];
}

/** Nominal Percentage of Cardiac Phase. */
function cardiacPhase({ cardiacPhasePercent }: CtSeriesMetadata): ElementToWrite[] {
  if (cardiacPhasePercent === undefined) return [];
  const value = new Uint8Array(4);
  new DataView(value.buffer).setFloat32(0, cardiacPhasePercent, true);
  return [{ tag: 0x00209241, vr: 'FL', value }];
}

function plane(grid: GridLps, k: number): ElementToWrite[] {
  const position = ijkToLps(grid, [0, 0, k]);
  const [columnSpacing, rowSpacing, step] = grid.spacingMm;
  return [
    { tag: 0x00180088, vr: 'DS', value: decimalString(step) },
    { tag: 0x00200013, vr: 'IS', value: String(k + 1) },
    { tag: 0x00200032, vr: 'DS', value: decimals(position) },
    { tag: 0x00200037, vr: 'DS', value: decimals([...grid.directions[0], ...grid.directions[1]]) },
    { tag: 0x00201041, vr: 'DS', value: decimalString(position[2]) },
    { tag: 0x00280010, vr: 'US', value: grid.sizeIjk[1] },
    { tag: 0x00280011, vr: 'US', value: grid.sizeIjk[0] },
    { tag: 0x00280030, vr: 'DS', value: decimals([rowSpacing, columnSpacing]) },
  ];
}

function pixelDescription(metadata: CtSeriesMetadata): ElementToWrite[] {
  return [
    { tag: 0x00280002, vr: 'US', value: 1 },
    { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
    { tag: 0x00280100, vr: 'US', value: 16 },
    { tag: 0x00280101, vr: 'US', value: metadata.bitsStored },
    { tag: 0x00280102, vr: 'US', value: metadata.bitsStored - 1 },
    { tag: 0x00280103, vr: 'US', value: 0 },
    { tag: 0x00281050, vr: 'DS', value: decimalString(metadata.window.centreHu) },
    { tag: 0x00281051, vr: 'DS', value: decimalString(metadata.window.widthHu) },
    { tag: 0x00281052, vr: 'DS', value: decimalString(RESCALE_INTERCEPT_HU) },
    { tag: 0x00281053, vr: 'DS', value: '1' },
    { tag: 0x00281054, vr: 'LO', value: 'HU' },
  ];
}

function storedValues(volume: VolumeHu, k: number, bitsStored: number): Uint8Array {
  const [nI, nJ] = volume.grid.sizeIjk;
  const count = nI * nJ;
  const stored = new Uint16Array(count);
  const { data } = volume;
  const largest = 2 ** bitsStored - 1;
  const offset = k * count;
  for (let v = 0; v < count; v++) {
    const value = Math.round(data[offset + v]!) - RESCALE_INTERCEPT_HU;
    stored[v] = Math.max(0, Math.min(largest, value));
  }
  return new Uint8Array(stored.buffer);
}
