import type { preparationFailures } from '../../failures/preparationFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

export const preparationWords: WordsFor<keyof typeof preparationFailures> = {
  'preparation.folder-unreadable': ({ folder }) => `The folder "${folder}" cannot be read.`,
  'preparation.file-missing': ({ name }) => `"${name}" is missing.`,
  'preparation.description-damaged': ({ name }) => `"${name}" is damaged; prepare the case again.`,
  'preparation.shape': ({ name, shape, wanted }) =>
    `"${name}" holds an array of ${shape} where ${wanted} is needed.`,
  'preparation.counts-differ': ({ name, array, found, points }) =>
    `"${name}" holds ${points} points but ${found} values in "${array}".`,
  'preparation.not-finite': ({ name }) => `"${name}" holds values that are not finite numbers.`,
  'preparation.split-name': ({ name, caseName }) =>
    `"${name}" names the case "${caseName}", which is not within the folder.`,
  'preparation.input-missing': ({ name }) => `"${name}" is not there.`,
  'preparation.no-cases': ({ name }) => `"${name}" holds no cases.`,
  'preparation.name-twice': ({ name }) => `Two cases are named "${name}".`,
  'preparation.bad-name': ({ name }) => `"${name}" cannot be the name of a case's folder.`,
  'preparation.case-folder': ({ images, segmentations }) =>
    images === 0 || segmentations === 0
      ? `The folder has no ${images === 0 ? 'scan (image, ct, scan or dicom)' : 'segmentation (segmentation, seg, labels, mask, surface or laa)'}.`
      : 'The folder holds several scans or segmentations; list the cases in a table instead.',
  'preparation.not-a-table': ({ name }) =>
    `"${name}" is not a table: a quote is left open, or a row has more cells than the first line.`,
  'preparation.not-a-list': ({ name }) => `"${name}" is not a list in JSON.`,
  'preparation.row-wrong': ({ name, row, problem }) => `Row ${row} of "${name}" is wrong: ${problem}.`,
  'preparation.pair-incomplete': () => 'Give --image and --segmentation, both.',
  'preparation.nothing-to-prepare': () =>
    'Name a folder or a table of cases, or --image and --segmentation, or --phantoms.',
  'preparation.split-shares': () => 'The split needs three shares that sum to 1, for example 0.8 0.1 0.1.',
  'preparation.not-an-image': ({ name }) =>
    `"${name}" is no scan: a folder of DICOM, NIfTI, NRRD or MetaImage (.mha) is needed.`,
  'preparation.volume-unreadable': ({ name }) =>
    `"${name}" cannot be read; it is damaged or of another format.`,
  'preparation.nrrd-bzip2': ({ name }) =>
    `"${name}" is compressed by bzip2, which is not read; save it compressed by gzip, or not compressed.`,
  'preparation.volume-cut': ({ name }) => `"${name}" is cut off: it holds fewer voxels than its header says.`,
  'preparation.not-a-volume': ({ name }) =>
    `"${name}" is no volume of single values on a grid of three axes.`,
  'preparation.not-a-segmentation': ({ name }) =>
    `"${name}" is no segmentation: a surface (STL, VTK, VTP, PLY, OBJ), a label map or a DICOM SEG is needed.`,
  'preparation.not-labels': ({ name }) => `"${name}" holds a picture rather than labels.`,
  'preparation.which-label': ({ name, labels }) =>
    `"${name}" holds several labels: ${labels}; say which is the appendage (--label).`,
  'preparation.label-empty': ({ name, label, labels }) =>
    labels === ''
      ? `The segmentation "${name}" is empty.`
      : `"${name}" has no voxel of label ${label}; it holds ${labels}.`,
  'preparation.several-segs': ({ name, count }) =>
    `"${name}" holds ${count} segmentations; name the file of one.`,
  'preparation.seg-unreadable': ({ name, reason }, { clause }) =>
    `The segmentation "${name}" cannot be read: ${clause(reason)}.`,
  'preparation.not-seg': () => 'It is no DICOM segmentation.',
  'preparation.seg-contours': () => 'It is an RT Structure Set: contours, which are not read.',
  'preparation.seg-type': ({ type }) => `Segmentations of the type ${type} are not read.`,
  'preparation.seg-compressed': ({ encoding }) =>
    `Its pixels are compressed (${encoding}), which is not read.`,
  'preparation.seg-frame-unnamed': () => 'A frame does not say which segment it shows.',
  'preparation.seg-cut': () => 'It is damaged or cut short.',
  'preparation.seg-uneven': () => 'Its frames do not lie on one lattice.',
  'preparation.frames-differ': () =>
    'Scan and segmentation are of different frames of reference and do not belong together.',
  'preparation.surface-outside-image': ({ looksTurned }) =>
    looksTurned
      ? 'The segmentation lies outside of the scan, but within it where its axes are turned: try --surface-space ras (or lps).'
      : 'The segmentation lies outside of the scan.',
  'preparation.surface-cut': ({ percent }) => `${percent} % of the surface lies outside of the scan.`,
  'preparation.larger-than-cube': ({ percent }) =>
    `${percent} % of the surface lies outside of the cube of 70 mm.`,
  'preparation.surface-unsound': ({ nonManifoldEdges }) =>
    nonManifoldEdges > 0
      ? `The surface is no manifold: ${nonManifoldEdges} of its edges have more than two faces.`
      : 'The surface has no outside: it is one-sided.',
  'preparation.surface-outside-cube': () => 'The surface lies outside of the cube of 70 mm.',
  'preparation.no-ostium': () =>
    'The surface is closed and has no flat end that could be its ostium; name the atrium (--atrium-label) or the plane (--ostium-plane).',
  'preparation.plane-misses': () => "The ostium's plane does not cut the surface into two.",
  'preparation.atrium-apart': () => 'The atrium and the appendage do not touch, so that no ostium is found.',
  'preparation.pieces-left-out': ({ pieces }) =>
    pieces === 1
      ? 'One separate piece of the surface was left out.'
      : `${pieces} separate pieces of the surface were left out.`,
  'preparation.surface-without-labels': ({ name }) =>
    `The surface "${name}" has no labels: --label and --atrium-label were not used for it.`,
  'preparation.labels-without-space': ({ name }) =>
    `The labels "${name}" lie as their file says: --surface-space was not used for them.`,
  'preparation.options-apart': ({ option, other }) =>
    `${option} has no use with ${other}; leave one of them out.`,
  'preparation.name-taken': ({ name }) =>
    `The output folder holds another "${name}", which "auricle prepare" did not make; choose another folder or name.`,
  'preparation.disk-full': ({ name }) =>
    `The disk is full: "${name}" was not written. What was finished before stands; the same command goes on from there.`,
  'preparation.not-written': ({ name, systemCode }) =>
    `"${name}" could not be written (${systemReason(systemCode)}).`,
};
