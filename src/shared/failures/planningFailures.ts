import type { FailureDeclarations } from './declaration.ts';

/** What a network looks for round an appendage, as `NEARBY` (contract/surroundings.ts), which failures may not import. */
const NEARBY_STRUCTURES = ['circumflex', 'leftSuperiorVein', 'mitralAnnulus', 'interatrialSeptum'] as const;

/** Tables of devices, and why none of their sizes is given. */
export const planningFailures = {
  'planning.device-table-no-json': { fileName: 'text' },
  'planning.device-table-invalid': { fileName: 'text', place: 'text', problem: 'text' },
  'planning.device-named-twice': { name: 'text' },
  'planning.no-device-tables': {},
  'planning.device-folder-missing': {},
  'planning.no-result': { folder: 'text' },
  'planning.no-profile': { folder: 'text' },
  'planning.no-views': { reason: 'failure' },
  'planning.devices-not-folder': { name: 'text' },
  // What to do where there is no landing zone
  'planning.landing-zone-nearest': { nearestMm: 'number' },
  'planning.correct-the-surface': {},
  'planning.scan-all-of-it': {},
  // Files of a reader's points
  'planning.points-unreadable': { fileName: 'text' },
  'planning.line-before-ostium': {},
  'planning.line-reversed': {},
  'planning.landmarks-unreadable': { fileName: 'text' },
  // What a reader corrected
  'planning.line-corrected': {},
  'planning.ostium-outline-corrected': {},
  'planning.section-outline-corrected': { distanceMm: 'number' },
  'planning.ostium-outline-aside': {},
  'planning.section-outline-aside': { distanceMm: 'number' },
  // Why a reader's mark is refused
  'planning.line-leaves-lumen': { distanceMm: 'number' },
  'planning.line-needs-tip': {},
  'planning.point-too-near': { leastMm: 'number' },
  'planning.outline-crosses-itself': {},
  'planning.outline-too-small': { leastMm: 'number' },
  'planning.outline-needs-points': { least: 'number' },
  'planning.no-outline-here': {},
  'planning.landmarks-no-plane': {},
  // Why no size is given
  'planning.no-size-fits': { measuredMm: 'number', smallestMm: 'number', largestMm: 'number' },
  'planning.compression-outside': { percent: 'number', leastPercent: 'number', mostPercent: 'number' },
  'planning.landing-zone-compression': {
    diameter: ['maximum', 'minimum', 'area-derived', 'perimeter-derived'],
    percent: 'number',
    leastPercent: 'number',
    mostPercent: 'number',
  },
  // Of a table that gives no range of compression
  'planning.landing-zone-far-compression': {
    diameter: ['maximum', 'minimum', 'area-derived', 'perimeter-derived'],
    percent: 'number',
  },
  'planning.range-near': { measuredMm: 'number', leastMm: 'number', mostMm: 'number' },
  'planning.appendage-too-shallow': { depthMm: 'number', neededMm: 'number' },
  // A device that a reader places
  'planning.no-such-table': { name: 'text', known: 'text' },
  'planning.no-such-size': { name: 'text', size: 'text', known: 'text' },
  'planning.device-without-shape': { name: 'text' },
  'planning.device-beyond-tip': { depthMm: 'number', lineMm: 'number' },
  'planning.size-outside-range': { measuredMm: 'number', leastMm: 'number', mostMm: 'number' },
  'planning.device-does-not-fit': { reason: 'failure' },
  'planning.device-compression-in-place': {
    diameter: ['maximum', 'minimum', 'area-derived', 'perimeter-derived'],
    percent: 'number',
    leastPercent: 'number',
    mostPercent: 'number',
  },
  'planning.device-narrower-than-lumen': { percent: 'number' },
  'planning.device-section-missing': { reason: 'failure' },
  'planning.device-longer-than-lumen': { usedMm: 'number', thereIsMm: 'number' },
  'planning.device-outside-scan': {},
  'planning.device-off-lumen': {},
  'planning.device-mostly-outside': { percent: 'number' },
  // Why a distance to what surrounds the appendage is not known
  'planning.reformat-needs-scan': {},
  'planning.surroundings-unknown': {},
  'planning.surroundings-awaited': {},
  'planning.surroundings-not-found': { reason: 'failure' },
  'planning.structure-not-found': { structure: NEARBY_STRUCTURES },
  'planning.structure-unclear': { structure: NEARBY_STRUCTURES },
  'planning.structure-beyond-scan': { structure: NEARBY_STRUCTURES },
} as const satisfies FailureDeclarations;
