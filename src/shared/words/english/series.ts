import type { seriesFailures } from '../../failures/seriesFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const CONTRAST = {
  arterial: 'Arterial contrast by its description.',
  given: 'Contrast by its header.',
  late: 'A late or venous phase by its description.',
  none: 'No contrast by its description.',
};

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);

const gapPlaces = (fromMm: readonly number[], toMm: readonly number[], others: number) => ({
  places: fromMm.map((from, at) => `between ${from.toFixed(1)} and ${toMm[at]!.toFixed(1)} mm`).join(', '),
  more: others > 0 ? ` and ${others} more places` : '',
});

export const seriesWords: WordsFor<keyof typeof seriesFailures> = {
  'series.not-ct': ({ modality }) => `The series is ${modality || 'of unknown modality'}, not CT.`,
  'series.localiser': () => 'The series is a localiser, not a volume.',
  'series.files-lost': ({ fileName, others, fate, reason }, { clause }) =>
    others > 0
      ? `The file ${fileName} and ${others} more are ${fate} (${clause(reason)}).`
      : `The file ${fileName} is ${fate} (${clause(reason)}).`,
  'series.patients-mixed': ({ attribute }) =>
    `The slices of the series contradict each other in ${attribute}: they may be of several patients.`,
  'series.singles-apart': ({ slices, attributes }) =>
    `${slices} slices would be one stack, but each names a series of its own, and nothing proves that they belong together: they differ in, or lack, ${attributes}.`,
  'series.too-few-slices': ({ slices }) =>
    `The series has only ${slices === 1 ? 'one slice' : `${slices} slices`}, which is not a volume.`,
  'series.positions-ambiguous': ({ positions }) =>
    `At ${positions === 1 ? 'one position' : `${positions} positions`} the series has different images, and nothing in the files says which belong together.`,
  'series.gantry-tilt': ({ tiltDegrees, shiftMm }) =>
    `The slices are shifted against each other by ${tiltDegrees.toFixed(1)}° (${shiftMm.toFixed(1)} mm over the stack), more than a gantry tilts.`,
  'series.slices-shifted': ({ mostMm }) =>
    `The slices are shifted against each other by up to ${mostMm.toFixed(1)} mm, and not evenly as by a gantry tilt.`,
  'series.steps-uneven': ({ leastMm, mostMm }) =>
    `The slices are unevenly spaced (steps from ${leastMm.toFixed(2)} to ${mostMm.toFixed(2)} mm); they are resampled only on request.`,
  'series.steps-too-uneven': ({ leastMm, mostMm }) =>
    `The slices are too unevenly spaced to be resampled (steps from ${leastMm.toFixed(2)} to ${mostMm.toFixed(2)} mm).`,
  'series.slices-missing': ({ slices, gapsFromMm, gapsToMm, otherGaps, stepMm }) => {
    const { places, more } = gapPlaces(gapsFromMm, gapsToMm, otherGaps);
    const verb = slices === 1 ? 'One slice is missing' : `${slices} slices are missing`;
    return `${verb}: ${places}${more} along the stack, where the step is ${stepMm.toFixed(2)} mm elsewhere.`;
  },
  'series.steps-too-coarse': ({ stepMm, limitMm }) =>
    `The slices are ${stepMm.toFixed(1)} mm apart, too coarse for the appendage (less than ${limitMm} mm is needed).`,
  'series.coverage-too-short': ({ coverageMm }) =>
    `The scan covers only ${coverageMm.toFixed(0)} mm, less than an appendage.`,

  'series.copies-left-out': ({ copies }) =>
    copies === 1
      ? 'One identical copy of a slice was left out.'
      : `${copies} identical copies of slices were left out.`,
  'series.images-left-out': ({ images, fileName, reason }, { clause }) =>
    images === 1
      ? `One file that is no slice was left out, ${fileName}: ${clause(reason)}.`
      : `${images} files that are no slices were left out, ${fileName} among them: ${clause(reason)}.`,
  'series.one-of-several': ({ parts, attribute, value }) =>
    `One of ${parts} sets of slices in the same place, told apart by ${attribute} (here ${value || 'not given'}).`,
  'series.one-by-order': ({ parts, place, attribute }) =>
    `Set ${place} of ${parts} in the same place, told apart by nothing but the order of ${attribute}.`,
  'series.planes-differ': ({ mostMm }) =>
    `The slices differ in orientation or pixel size by up to ${Math.max(0.01, mostMm).toFixed(2)} mm over the image; they were taken for one volume.`,
  'series.studies-contradict': ({ attributes }) =>
    `The slices contradict each other in ${attributes}: they may be of several examinations; they were taken for one volume.`,
  'series.slices-repeated': ({ slices }) =>
    slices === 1
      ? 'One slice holds exactly the values of the slice before it: it may be a copy in the place of a slice that was lost.'
      : `${slices} slices hold exactly the values of the slice before them: they may be copies in the place of slices that were lost.`,
  'series.slices-exchanged': ({ slices }) =>
    slices === 1
      ? 'One slice does not fit between its neighbours: its pixels may be those of another slice.'
      : `${slices} slices do not fit between their neighbours: their pixels may have been exchanged, or be those of others.`,
  'series.slices-alternate': () =>
    'Slices are more like the next but one than like their neighbours: they may be of two heart phases or reconstructions in turn, and measurements from them may be wrong.',
  'series.made-differently': ({ attributes }) =>
    `The slices differ in ${attributes}: they were not made in one way; they were taken for one volume.`,
  'series.images-missing': ({ counted, found }) =>
    `The headers count ${counted} images in the acquisition, of which ${found} are here: slices may be missing at the ends.`,
  'series.depth-differs': ({ attributes }) =>
    `The slices contradict each other in ${attributes}; each was read as its own header says.`,
  'series.holds-no-air': ({ leastHu }) =>
    `As stored, no value can be below ${leastHu.toFixed(0)} HU, though air is at −1000 HU: the values may not be Hounsfield units, and measurements from them may be wrong.`,
  'series.files-of-image-uncounted': ({ files }) =>
    `The image was divided into files, of which ${files === 1 ? 'one is' : `${files} are`} here; none says how many there were.`,
  'series.files-of-image-missing': ({ found, files }) =>
    `The image was divided into ${files} files, of which only ${found} ${found === 1 ? 'is' : 'are'} here.`,
  'series.same-phase-left-out': ({ slices, used }) =>
    `Another series at this heart phase, of ${slices} slices, was left out of the cycle; the one that is used has ${used}.`,
  'series.phases-joined': ({ attribute, parts, value }) =>
    `The slices name ${parts} heart phases (${attribute}, first ${value}) in turn; they were taken for one volume.`,
  'series.phase-changes': ({ attribute, value, next, atMm, others }) =>
    `The slices were taken at different times of the heart cycle: ${attribute} is ${value} below ${atMm.toFixed(1)} mm along the stack and ${next} from there on${others > 0 ? `, with ${others} more ${others === 1 ? 'change' : 'changes'} above` : ''}; they were taken for one volume.`,
  'series.sets-joined': ({ attribute, parts }) =>
    `The slices alternate between ${parts} values of ${attribute}; they were taken for one volume.`,
  'series.told-otherwise': ({ attribute }) =>
    `By ${attribute} the slices in the same place would be told apart in another way: heart phases may be mixed here.`,
  'series.phase-contradicted': ({ attribute, value, other, otherValue }) =>
    `The heart phase is taken from ${attribute} (${value}); ${other} (${otherValue}) contradicts it.`,
  'series.sets-change': () =>
    'Within these slices another set of the series ends and yet another begins: below and above they may be of different heart phases.',
  'series.tilt-corrected': ({ tiltDegrees }) =>
    `A gantry tilt of ${tiltDegrees.toFixed(1)}° was corrected by shifting the slices; masks are written on the slices as they were acquired.`,
  'series.tilt-contradicted': ({ statedDegrees, tiltDegrees }) =>
    `The header gives a gantry tilt of ${statedDegrees.toFixed(1)}°, the positions of the slices one of ${tiltDegrees.toFixed(1)}°: the positions were followed.`,
  'series.steps-resampled': ({ leastMm, mostMm }) =>
    `The slices are unevenly spaced (steps from ${leastMm.toFixed(2)} to ${mostMm.toFixed(2)} mm) and were resampled on request; masks are written on the slices as they were acquired.`,
  'series.gaps-interpolated': ({ gapsFromMm, gapsToMm, otherGaps }) => {
    const { places, more } = gapPlaces(gapsFromMm, gapsToMm, otherGaps);
    return `No slice was there ${places}${more} along the stack: what is shown and measured there is interpolated.`;
  },
  'series.uid-shared': ({ owners }) =>
    `The files of ${owners} patients or studies have the same series UID; this is one of them.`,
  'series.singles-joined': ({ slices }) =>
    `Each of ${slices} slices names a series of its own; they were taken for one series, as patient, study, frame of reference and number are the same. DICOM objects of results cannot refer to them.`,
  'series.studies-joined': ({ studies }) =>
    `The slices name ${studies} studies; they were taken for one volume.`,
  'series.instances-unnamed': ({ slices }) =>
    slices === 1
      ? 'One slice has no SOP Instance UID of its own: DICOM objects of results cannot refer to it.'
      : `${slices} slices have no SOP Instance UID of their own: other programs may take them for one image, and DICOM objects of results cannot refer to each of them.`,
  'series.frames-of-reference': ({ frames }) =>
    `The slices name ${frames} frames of reference; they were taken for one volume.`,
  'series.alternating-joined': () =>
    'The slices alternate between two kinds or frames of reference; they were taken for one volume.',
  'series.kinds-joined': () =>
    'The slices one above the other are of different kinds (Image Type); they were taken for one volume.',
  'series.slices-between': () =>
    'Between the slices lie others of the series with another matrix, pixel size or orientation, which are left out.',
  'series.continued': () =>
    'The series goes on in slices of another kind, frame of reference, matrix or pixel size, which are left out.',
  'series.others-between': ({ slices }) =>
    `Between the slices ${slices === 1 ? 'lies one' : `lie ${slices}`} of another series with the same number and description, which ${slices === 1 ? 'is' : 'are'} left out: it may be one series under several UIDs.`,
  'series.others-continue': ({ slices }) =>
    `The series goes on in ${slices === 1 ? 'one slice' : `${slices} slices`} of another series with the same number and description, which ${slices === 1 ? 'is' : 'are'} left out: it may be one series under several UIDs.`,
  'series.set-continued': ({ restMm }) =>
    `Other sets of the series reach ${restMm.toFixed(0)} mm beyond this one; their slices are left out.`,
  'series.steps-very-coarse': ({ stepMm }) =>
    `The slices are ${stepMm.toFixed(1)} mm apart: expect errors of millimetres.`,
  'series.steps-coarse': ({ stepMm }) =>
    `The slices are ${stepMm.toFixed(1)} mm apart, coarser than cardiac CT (0.25 to 0.75 mm).`,
  'series.gaps-between-slices': ({ thicknessMm, stepMm }) =>
    `Between the slices lie gaps: they are ${thicknessMm.toFixed(2)} mm thick and ${stepMm.toFixed(2)} mm apart.`,
  'series.slices-thick': ({ thicknessMm }) =>
    `The slices are ${thicknessMm.toFixed(1)} mm thick: thin walls will be blurred.`,
  'series.pixels-coarse': ({ widthMm }) =>
    `The pixels are ${widthMm.toFixed(2)} mm wide, coarser than cardiac CT.`,
  'series.coverage-short': ({ coverageMm }) =>
    `The scan covers only ${coverageMm.toFixed(0)} mm: parts of the left atrium may be cut off.`,
  'series.not-axial': ({ orientation }) => `The slices are ${orientation}, not axial.`,
  'series.described-without-contrast': () => 'The series is described as a scan without contrast.',
  'series.described-late': () => 'The series is described as a late or venous phase.',
  'series.sharp-kernel': () => 'The series was made with a sharp kernel: its noise is high.',

  'series.another-suits-better': ({ points }, { clause }) =>
    `Another series suits the appendage better (this one: ${points.map(clause).join(', ')}).`,
  'series.another-chosen-by-hand': () => 'Another series was chosen by hand.',

  'series.point-step': ({ stepMm }) => `Slices every ${stepMm.toFixed(2)} mm.`,
  'series.point-orientation': ({ orientation }) => `${capital(orientation)}.`,
  'series.point-coverage': ({ coverageMm }) => `${coverageMm.toFixed(0)} mm covered.`,
  'series.point-contrast': ({ contrast }) => CONTRAST[contrast],
  'series.point-kernel': ({ kernel }) => `${capital(kernel)} kernel.`,
  'series.point-cardiac': () => 'Of the heart by its description.',
  'series.point-derived': () => 'Derived, not acquired.',
  'series.point-phase': ({ percent }) => `${percent} % of the heart cycle.`,
};
