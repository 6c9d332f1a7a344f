/** What a device was sized by: the sentence as files hold it, and its parts. */
export interface SizedBy {
  readonly inFiles: string;
  readonly diameter: string;
  readonly isOfOstium: boolean;
  readonly measuredMm: string | null;
  readonly landingZoneMm: string;
}

/** Words of the page: see `../README.md`. */
export const planningWords = {
  plan: {
    plot: 'Plot',
    sectionAlong: 'Section along the centre line',
    fromOstium: (mm: string) => `${mm} mm from the ostium`,
    curves: 'Curves',
    axis: 'mm from the ostium',
    cArm: 'C-arm',
    cArmTitle: 'C-arm views perpendicular to the ostial axis',
    working: (view: string) => `Working view ${view}`,
    noView: 'No view within reach of a C-arm',
    fromPerpendicular: (view: string, degrees: string) => `${view}: ${degrees}° from perpendicular`,
    raoToLao: 'RAO to LAO, perpendicular',
    caudalToCranial: 'Caudal to cranial, free',
    isPerpendicular: 'perpendicular',
    cArmFollows: 'C-arm and 3D view together',
    cArmHint:
      'A press in the plot sets any view. Together, the 3D view looks along the beam: turning it turns the C-arm, within its reach, and its arrow keys turn it by 1°.',
    perpendicularHere: 'Perpendicular at this rotation',
    workingView: 'Working view',
    outOfReach: 'out of reach at this angle',
    off: (degrees: string) => `${degrees}° off`,
    crosses:
      'Crosses: common views, with how far each is off the perpendicular. For a patient lying as in the CT; checked on no C-arm.',
    cranial: 'cranial',
    caudal: 'caudal',
    tables: 'Device tables',
    yourOwn: 'Your own: ',
    bundled: 'Bundled, research display only: ',
    useOwn: 'Use your own tables…',
    useBundled: 'Use the bundled tables',
    straightened: 'Straightened reformat, turned about the centre line',
    turnedBy: (degrees: number) => `Turned by ${degrees}°`,
    sectionAtOstium: 'Section at the ostium',
    atLanding: 'At the landing zone',
    turn90: 'Turn by 90°',
    turnHint: (degrees: number) =>
      `Turned by ${degrees}° about the line. A click moves the section; a drag up or down turns, and so do the arrow keys ↑ ↓.`,
    atrium: 'Atrium',
    tip: 'Tip',
    lineHint:
      'The line’s points can be dragged in the planes and in 3D; a double click on the line adds one, Delete removes the one under the pointer.',
    addPoint: 'Add point at the section',
    removeNearest: 'Remove nearest',
    asComputed: 'As computed',
    device: 'Virtual device',
    showInViews: 'Show in the views',
    planesToIt: 'Planes to it',
    alongLine: 'Along the line',
    deviceHint:
      'A size is placed at its landing zone as a stiff, schematic body; drag it, or use the sliders.',
    size: 'Size',
    noDevice: 'None',
    noShape: (table: string) => `${table}: no shape in its table`,
    doesNotFit: ', does not fit',
    depth: 'Depth',
    implantationDepth: 'Implantation depth',
    tiltTo: (direction: string) => `Tilt to ${direction}`,
    shape: (source: string) => `Shape: ${source}`,
    projection: 'Simulated projection',
    section: 'Section',
    outlines: 'Outlines',
    correctOutline: 'Correct an outline',
    outlineHint:
      'Its points are then dragged in the axial pane, and the sizes of that section follow. The surface, its volume and its meshes stay as they are.',
    outlineGone: (name: string) => `${name}: there is no outline any more.`,
    outlineDrag: (name: string) =>
      `${name}: drag its points in the axial pane. A double click on the outline adds one, Delete removes the one under the pointer.`,
    corrected: 'corrected',
    notUsed: 'not used, its plane is no longer where it was drawn',
    show: 'Show',
    sectionAt: (mm: string) => `Section at ${mm} mm`,
    devices: 'Devices',
    fitting: 'Sizes of devices that fit',
    byOwnTables: 'By your own tables.',
    byBundledTables: 'By the bundled tables.',
    allShown: 'All that fit are shown, none is preferred.',
    excluded: (size: string, why: string) => `Not ${size}: ${why}.`,
    source: (source: string, isVerified: boolean) =>
      `Source: ${source}${isVerified ? '.' : '; not compared with the manufacturer’s instructions.'}`,
    comparisonOfTable: 'What the table was compared with',
    comparedWith: (says: string, agrees: boolean) => `${agrees ? 'Agrees' : 'Differs'}: ${says}`,
    readOn: (day: string) => `read on ${day}.`,
    notCompared: (what: string) => `Not compared: ${what}`,
    candidate: (from: string, to: string, compression: string, maximum: string, minimum: string) =>
      `for ${from} to ${to} mm: ${compression} % compression; at the landing zone ${maximum} % × ${minimum} %`,
    needsDepth: (mm: string) => `; needs ${mm} mm of depth`,
    sizedBy: ({ inFiles }: SizedBy) => `By the ${inFiles}.`,
    notice: 'Research display only. Not for choosing a device.',
    centreLine: 'Centre line',
    alongCentreLine: 'Along the centre line',
    reformat: 'Straightened reformat',
    straightenedTitle: 'Straightened along the centre line',
    measuring: 'Measuring along the centre line…',
    clickPlot: 'Click in the plot to show the section there, perpendicular to the centre line.',
    asInTheirTables: (mm: string) => `${mm} mm, devices: as in their tables`,
    landingZoneAt: (mm: string) => `Landing zone at ${mm} mm`,
    setToSection: 'Set to the section',
    asInTables: 'As in the tables',
    bothDiameters: 'Max. × min. diameter',
    beyondTip: 'beyond the tip',
    notMeasurable: 'not measurable',
    byLandmarks: 'Ostium by landmarks',
    escEnds: 'Esc ends this.',
    atCrosshair: 'At the crosshair',
    notSet: 'not set',
    apart: 'Ridge to circumflex artery',
    surroundings: 'Surroundings of the ostium',
    surroundingsNote:
      'From a coarse network trained on synthetic scans; ± holds for nine of ten of them. Look at the planes.',
    surroundingsLooking:
      'Being found: distances, and room for the ostium’s plane towards the atrium, appear here in a moment.',
    surroundingsStopped: (why: string | null) =>
      why === null
        ? 'Finding them was cancelled: distances are missing.'
        : `They could not be found: ${why} Distances are missing.`,
    lookAgain: 'Find them now',
    setBoth:
      'Set both, and the ostium’s plane goes through them, as perpendicular to the appendage’s axis as it can.',
    set: 'set',
    onPlane: 'on the plane',
    ofPlane: (mm: string, isDistal: boolean) => `${mm} mm ${isDistal ? 'distal' : 'proximal'} of the plane`,
  },
  structures: {
    circumflex: 'Circumflex artery',
    leftSuperiorVein: 'Left superior vein',
    mitralAnnulus: 'Mitral annulus',
    interatrialSeptum: 'Interatrial septum',
  },
  landmarks: {
    ridge: 'Left upper ridge',
    circumflex: 'Circumflex artery',
  },
  landmarkPlaces: {
    ridge: 'Click on the ridge between appendage and left upper vein.',
    circumflex: 'Click on the circumflex artery below the ostium.',
  },
};
