import type { FailureDeclarations } from './declaration.ts';

/** Whether a series is one regular volume, and what suits or does not suit the appendage about it. */
export const seriesFailures = {
  // Refusals
  /** `modality` as the file has it, empty where it has none. */
  'series.not-ct': { modality: 'text' },
  'series.localiser': {},
  /** The first file that was lost, how many others were, and the reason for the first. */
  'series.files-lost': {
    fileName: 'text',
    others: 'number',
    fate: ['damaged', 'unreadable'],
    reason: 'failure',
  },
  /** The attribute in which slices of one series contradict each other, by its name in PS3.6. */
  'series.patients-mixed': { attribute: 'text' },
  /** Slices that each name a series of their own, and the attributes in which they differ or that they lack. */
  'series.singles-apart': { slices: 'number', attributes: 'text' },
  'series.too-few-slices': { slices: 'number' },
  'series.positions-ambiguous': { positions: 'number' },
  'series.gantry-tilt': { tiltDegrees: 'number', shiftMm: 'number' },
  /** How far slices are shifted against each other, in no straight line. */
  'series.slices-shifted': { mostMm: 'number' },
  /** They are resampled where a person asks for it. */
  'series.steps-uneven': { leastMm: 'number', mostMm: 'number' },
  'series.steps-too-uneven': { leastMm: 'number', mostMm: 'number' },
  /** The first gaps, along the normal, how many places have more, and the usual step. */
  'series.slices-missing': {
    slices: 'number',
    gapsFromMm: 'numbers',
    gapsToMm: 'numbers',
    otherGaps: 'number',
    stepMm: 'number',
  },
  'series.steps-too-coarse': { stepMm: 'number', limitMm: 'number' },
  'series.coverage-too-short': { coverageMm: 'number' },
  // Warnings
  'series.copies-left-out': { copies: 'number' },
  /** How many images there are, the first one's file, and why they are no slices. */
  'series.images-left-out': { images: 'number', fileName: 'text', reason: 'failure' },
  /** How one of several volumes in the same place was told apart: an attribute of PS3.6 and its value here. */
  'series.one-of-several': { parts: 'number', attribute: 'text', value: 'text' },
  'series.one-by-order': { parts: 'number', place: 'number', attribute: 'text' },
  /** How far pixels lie apart at most that should lie above each other. */
  'series.planes-differ': { mostMm: 'number' },
  /** Attributes of PS3.6, separated by commas, in which the slices of one study differ. */
  'series.studies-contradict': { attributes: 'text' },
  /** How many slices hold what the one before them holds. */
  'series.slices-repeated': { slices: 'number' },
  /** How many slices do not fit between their neighbours. */
  'series.slices-exchanged': { slices: 'number' },
  /** Slices are more like the next but one than like their neighbours. */
  'series.slices-alternate': {},
  /** Attributes of PS3.6, separated by commas, that one reconstruction shares. */
  'series.made-differently': { attributes: 'text' },
  /** How many images the headers count (Images in Acquisition), and how many there are. */
  'series.images-missing': { counted: 'number', found: 'number' },
  /** Attributes of PS3.6, separated by commas. */
  'series.depth-differs': { attributes: 'text' },
  /** Of an image that was divided into several files. */
  'series.files-of-image-uncounted': { files: 'number' },
  'series.files-of-image-missing': { found: 'number', files: 'number' },
  /** The least value that can be stored. */
  'series.holds-no-air': { leastHu: 'number' },
  /** How many slices another series at the same heart phase has, and how many the one that is used. */
  'series.same-phase-left-out': { slices: 'number', used: 'number' },
  /** How many heart phases the slices of one volume name in turn, by which attribute, and the first of them. */
  'series.phases-joined': { attribute: 'text', parts: 'number', value: 'text' },
  /** Where along the normal an attribute goes from which value to which next one, and how many more changes there are. */
  'series.phase-changes': {
    attribute: 'text',
    value: 'text',
    next: 'text',
    atMm: 'number',
    others: 'number',
  },
  /** Between how many values of which attribute the slices of one volume alternate. */
  'series.sets-joined': { attribute: 'text', parts: 'number' },
  /** The attribute by which slices in the same place would be told apart in another way. */
  'series.told-otherwise': { attribute: 'text' },
  /** The attribute that was followed for the heart phase, and one that says another phase. */
  'series.phase-contradicted': { attribute: 'text', value: 'text', other: 'text', otherValue: 'text' },
  /** Within a set another one ends and yet another begins. */
  'series.sets-change': {},
  'series.tilt-corrected': { tiltDegrees: 'number' },
  /** The tilt in the header and the one of the slices' positions; 0 where they lie straight above each other. */
  'series.tilt-contradicted': { statedDegrees: 'number', tiltDegrees: 'number' },
  'series.steps-resampled': { leastMm: 'number', mostMm: 'number' },
  /** The first gaps, along the normal, and how many more there are. */
  'series.gaps-interpolated': { gapsFromMm: 'numbers', gapsToMm: 'numbers', otherGaps: 'number' },
  'series.singles-joined': { slices: 'number' },
  'series.studies-joined': { studies: 'number' },
  /** By how many patients or studies its UID is used. */
  'series.uid-shared': { owners: 'number' },
  /** How many slices have no SOP Instance UID, or one that another image of the series has too. */
  'series.instances-unnamed': { slices: 'number' },
  'series.frames-of-reference': { frames: 'number' },
  'series.alternating-joined': {},
  /** Slices of different Image Types one above the other. */
  'series.kinds-joined': {},
  'series.slices-between': {},
  'series.continued': {},
  /** How many slices of other series with the same number lie between the slices, or go on where they end. */
  'series.others-between': { slices: 'number' },
  'series.others-continue': { slices: 'number' },
  /** How far other sets of the same series reach beyond this one. */
  'series.set-continued': { restMm: 'number' },
  'series.steps-very-coarse': { stepMm: 'number' },
  'series.steps-coarse': { stepMm: 'number' },
  'series.gaps-between-slices': { thicknessMm: 'number', stepMm: 'number' },
  'series.slices-thick': { thicknessMm: 'number' },
  'series.pixels-coarse': { widthMm: 'number' },
  'series.coverage-short': { coverageMm: 'number' },
  'series.not-axial': { orientation: ['coronal', 'sagittal', 'oblique'] },
  'series.described-without-contrast': {},
  'series.described-late': {},
  'series.sharp-kernel': {},
  // Why another series was taken
  'series.another-suits-better': { points: 'failures' },
  'series.another-chosen-by-hand': {},
  // Points for and against a series
  'series.point-step': { stepMm: 'number' },
  'series.point-orientation': { orientation: ['axial', 'coronal', 'sagittal', 'oblique'] },
  'series.point-coverage': { coverageMm: 'number' },
  'series.point-contrast': { contrast: ['arterial', 'given', 'late', 'none'] },
  'series.point-kernel': { kernel: ['soft', 'sharp'] },
  'series.point-cardiac': {},
  'series.point-derived': {},
  'series.point-phase': { percent: 'number' },
} as const satisfies FailureDeclarations;
