import type { filesFailures } from '../../failures/filesFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const filesWords: WordsFor<keyof typeof filesFailures> = {
  'files.unreadable': ({ fileName }) => `The file ${fileName} cannot be read.`,
  'files.nrrd-field-missing': ({ field }) => `The NRRD file has no "${field}" in its header.`,
  'files.nrrd-dimension': () => 'The NRRD file is not three-dimensional.',
  'files.nrrd-detached': () => 'The NRRD file keeps its data in another file; save it as one.',
  'files.nrrd-type': ({ type }) => `The NRRD file's type "${type}" is not supported.`,
  'files.nrrd-sizes': () => 'The NRRD file has impossible sizes.',
  'files.not-nrrd': () => 'The file is not an NRRD file.',
  'files.nrrd-header': () => 'The NRRD file has no end of its header.',
  'files.nrrd-damaged': () => 'The NRRD file is cut off or its compressed data is damaged.',
  'files.nrrd-encoding': ({ encoding }) => `The NRRD file's encoding "${encoding}" is not supported.`,
  'files.nrrd-cut': () => 'The NRRD file is cut off.',
  'files.nrrd-vector': () => 'The NRRD file has a vector that is not three numbers.',
  'files.nrrd-directions': () => 'The NRRD file has no three space directions.',
  'files.nrrd-spacing': () => 'The NRRD file has a spacing of zero.',
  'files.nrrd-sheared': () => 'The NRRD file is sheared; resample it to a rectangular grid first.',
  'files.nrrd-space': ({ space }) => `The NRRD file's space "${space}" is not supported.`,
  'files.stl-coordinate': () => 'The STL file holds a coordinate that is not a number.',
  'files.stl-cut-or-not': () => 'The STL file is cut off or is not an STL file.',
  'files.not-stl': () => 'The file is not an STL file.',
  'files.stl-cut': () => 'The STL file is cut off.',
  'files.stl-facet': () => 'The STL file has a facet without three vertices.',
  'files.not-3mf': () => 'The 3MF file is damaged or is not a 3MF file.',
  'files.3mf-unit': () => 'The 3MF file has no model in millimetres.',
  'files.3mf-mesh': () => 'The 3MF file holds no whole mesh.',
  'files.3mf-vertex': () => 'The 3MF file has a face with a vertex that does not exist.',
  'files.not-vtp': () => 'The file is not a VTP file.',
  'files.vtp-encoding': () => 'The VTP file is compressed or big-endian, which is not supported.',
  'files.vtp-array': ({ array }) => `The VTP file has no whole array "${array}".`,
  'files.vtp-faces': () => 'The VTP file has faces that are not triangles.',
  'files.vtp-vertex': () => 'The VTP file has a face with a vertex that does not exist.',
  'files.surface-unknown': ({ fileName }) =>
    `"${fileName}" is not a surface that can be read: STL, VTK, VTP, PLY or OBJ is needed.`,
  'files.surface-damaged': ({ format }) => `The ${format} file is damaged, cut short or of another format.`,
  'files.surface-empty': ({ format }) => `The ${format} file holds no faces.`,
  'files.surface-feature': ({ format, feature }) => `The ${format} file holds ${feature}, which is not read.`,
  'files.cloud-unknown': ({ fileName, extensions }) =>
    `The file ${fileName} is no cloud of points that is read (${extensions}).`,
  'files.cloud-damaged': ({ fileName }) =>
    `The file ${fileName} is not a cloud of points with three coordinates each.`,
  'files.cloud-empty': ({ fileName }) => `The file ${fileName} holds no points.`,
  'files.surface-not-written': ({ fileName, extensions }) =>
    `No surface can be written as ${fileName}; its name must end in one of ${extensions}.`,
};
