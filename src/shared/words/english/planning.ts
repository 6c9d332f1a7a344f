import type { planningFailures } from '../../failures/planningFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const STRUCTURE = {
  circumflex: 'The circumflex artery',
  leftSuperiorVein: 'The left superior pulmonary vein',
  mitralAnnulus: 'The mitral annulus',
  interatrialSeptum: 'The interatrial septum',
} as const;

export const planningWords: WordsFor<keyof typeof planningFailures> = {
  'planning.device-table-no-json': ({ fileName }) => `The device table ${fileName} is not JSON.`,
  'planning.device-table-invalid': ({ fileName, place, problem }) =>
    `The device table ${fileName} cannot be used: ${place === '' ? '' : `${place}: `}${problem}.`,
  'planning.device-named-twice': ({ name }) => `Two device tables have the name ${name}; keep one of them.`,
  'planning.no-device-tables': () => 'There is no device table (a .json file) among these files.',
  'planning.device-folder-missing': () => 'The folder of device tables is not there.',
  'planning.no-result': ({ folder }) =>
    `${folder} holds no result: report.json is missing or is not one of auricle segment.`,
  'planning.no-profile': ({ folder }) =>
    `The result in ${folder} has no sizes along the centre line; segment the scan again to get them.`,
  'planning.no-views': ({ reason }, { clause }) =>
    `No views perpendicular to the ostium's axis are given: ${clause(reason)}.`,
  'planning.devices-not-folder': ({ name }) =>
    `${name} is a file: name the folder that holds the device tables.`,
  'planning.landing-zone-nearest': ({ nearestMm }) =>
    `The nearest section that can be measured is at ${nearestMm.toFixed(1)} mm: set the landing zone there, or move or tilt the ostium plane.`,
  'planning.correct-the-surface': () =>
    'Move or tilt the ostium plane, or correct the surface, until sections can be measured.',
  'planning.scan-all-of-it': () =>
    'Only a scan that holds all of the appendage shows where a device would land.',
  'planning.points-unreadable': ({ fileName }) =>
    `${fileName} holds no points: a JSON array of [left, posterior, superior], or CSV with these three columns, in LPS mm.`,
  'planning.line-before-ostium': () =>
    'No point of the centre line lies beyond the ostium; points are in LPS mm, from the ostium to the tip.',
  'planning.line-reversed': () =>
    'The centre line ends nearer to the ostium than it begins; points go from the ostium to the tip.',
  'planning.landmarks-unreadable': ({ fileName }) =>
    `${fileName} holds no landmarks: JSON with "ridge" and "circumflex", each [left, posterior, superior] in LPS mm.`,
  'planning.line-corrected': () =>
    'Centre line corrected by the reader: depth, landing zones and sections follow it.',
  'planning.ostium-outline-corrected': () =>
    'Outline of the ostium corrected by the reader: its sizes are by that outline; surface, volume and meshes stay as they are.',
  'planning.section-outline-corrected': ({ distanceMm }) =>
    `Outline of the section at ${distanceMm.toFixed(1)} mm corrected by the reader: its sizes are by that outline; surface, volume and meshes stay as they are.`,
  'planning.ostium-outline-aside': () =>
    'The corrected outline of the ostium is not used: the ostium’s plane is no longer where it was drawn.',
  'planning.section-outline-aside': ({ distanceMm }) =>
    `The corrected outline at ${distanceMm.toFixed(1)} mm is not used: the section is no longer where it was drawn.`,
  'planning.line-leaves-lumen': ({ distanceMm }) =>
    `The corrected centre line leaves the lumen ${distanceMm.toFixed(1)} mm from the ostium; move its points back inside, or take the line as computed.`,
  'planning.point-too-near': ({ leastMm }) =>
    `There is a point here already; points must be ${leastMm} mm apart. Drag the one that is there.`,
  'planning.line-needs-tip': () => 'The centre line ends at its last point; move it instead of removing it.',
  'planning.outline-crosses-itself': () =>
    'An outline must not cross itself; the point stays where it was last possible.',
  'planning.outline-too-small': ({ leastMm }) =>
    `An outline must be at least ${leastMm} mm wide; the point stays where it was last possible.`,
  'planning.outline-needs-points': ({ least }) => `An outline needs ${least} points.`,
  'planning.no-outline-here': () =>
    'There is no outline to correct here: the section cannot be measured. Choose another section, or correct the surface.',
  'planning.landmarks-no-plane': () =>
    'The two landmarks give no plane: they must be at least 5 mm apart, on either side of the ostium.',
  'planning.no-size-fits': ({ measuredMm, smallestMm, largestMm }) =>
    `No size fits ${measuredMm.toFixed(1)} mm; the table’s sizes are for ${smallestMm.toFixed(1)} to ${largestMm.toFixed(1)} mm.`,
  'planning.compression-outside': ({ percent, leastPercent, mostPercent }) =>
    `The compression would be ${percent.toFixed(0)} %, outside of ${leastPercent} to ${mostPercent} %.`,
  'planning.range-near': ({ measuredMm, leastMm, mostMm }) =>
    measuredMm < leastMm
      ? `Its range begins ${Math.max(0.1, leastMm - measuredMm).toFixed(1)} mm above the measured ${measuredMm.toFixed(1)} mm, which is not surer than 1 mm.`
      : `Its range ends ${Math.max(0.1, measuredMm - mostMm).toFixed(1)} mm below the measured ${measuredMm.toFixed(1)} mm, which is not surer than 1 mm.`,
  'planning.appendage-too-shallow': ({ depthMm, neededMm }) =>
    `The appendage is ${depthMm.toFixed(1)} mm deep, and the device needs ${neededMm.toFixed(1)} mm.`,
  'planning.no-such-table': ({ name, known }) => `There is no device table ${name}; there are ${known}.`,
  'planning.no-such-size': ({ name, size, known }) => `${name} has no size ${size}; it has ${known}.`,
  'planning.device-without-shape': ({ name }) =>
    `The table ${name} gives no shape, and without one a device cannot be drawn.`,
  'planning.device-beyond-tip': ({ depthMm, lineMm }) =>
    `A device cannot be placed at ${depthMm.toFixed(1)} mm: the centre line is ${lineMm.toFixed(1)} mm long.`,
  'planning.size-outside-range': ({ measuredMm, leastMm, mostMm }) =>
    `The measured ${measuredMm.toFixed(1)} mm are outside of its ${leastMm} to ${mostMm} mm.`,
  'planning.device-does-not-fit': ({ reason }, { clause }) =>
    `By its table this size does not fit: ${clause(reason)}.`,
  'planning.landing-zone-compression': ({ diameter, percent, leastPercent, mostPercent }) =>
    `At your landing zone the compression of the ${diameter} diameter is ${percent.toFixed(0).replace('-', '−')} %, outside of the table’s ${leastPercent} to ${mostPercent} %.`,
  'planning.landing-zone-far-compression': ({ diameter, percent }) =>
    `At your landing zone the compression of the ${diameter} diameter is ${percent.toFixed(0).replace('-', '−')} %; the table gives no range for it.`,
  'planning.device-compression-in-place': ({ diameter, percent, leastPercent, mostPercent }) =>
    `In place the compression of the ${diameter} diameter is ${percent.toFixed(0).replace('-', '−')} %, outside of the table’s ${leastPercent} to ${mostPercent} %.`,
  'planning.device-narrower-than-lumen': ({ percent }) =>
    `In place the lumen is ${percent.toFixed(0)} % wider than the device along its maximum diameter.`,
  'planning.device-section-missing': ({ reason }, { clause }) =>
    `The compression in place cannot be measured: ${clause(reason)}.`,
  'planning.device-longer-than-lumen': ({ usedMm, thereIsMm }) =>
    `The device reaches ${usedMm.toFixed(1)} mm beyond the ostium, and the lumen along its axis ends at ${thereIsMm.toFixed(1)} mm.`,
  'planning.reformat-needs-scan': () =>
    'The folder with the scan that the result was made of is needed: --dicom DIR.',
  'planning.surroundings-unknown': () => 'No network looked for the surroundings of this appendage.',
  'planning.surroundings-awaited': () =>
    'The surroundings of this appendage were not looked for yet: distances to the circumflex artery, the left superior pulmonary vein, the mitral annulus and the interatrial septum are missing.',
  'planning.surroundings-not-found': ({ reason }, { sentence }) =>
    `The surroundings of the appendage could not be found: ${sentence(reason)} The segmentation is whole; distances to them are missing.`,
  'planning.structure-not-found': ({ structure }) => `${STRUCTURE[structure]} was not found in the scan.`,
  'planning.structure-unclear': ({ structure }) =>
    `${STRUCTURE[structure]} may lie nearer: the scan does not show it clearly there.`,
  'planning.structure-beyond-scan': ({ structure }) =>
    `${STRUCTURE[structure]} may lie nearer outside of what was looked at.`,
  'planning.device-outside-scan': () => 'A part of the device lies outside of the scan.',
  'planning.device-mostly-outside': ({ percent }) =>
    `Most of the device (${percent} %) lies outside of the segmented lumen.`,
  'planning.device-off-lumen': () => 'The centre of the device lies outside of the lumen.',
};
