import type { Annotation } from '../../contract/annotations.ts';

const AXIAL = { pointLpsMm: [0, 0, 30], normal: [0, 0, 1] } as const;
const NOTHING = { hu: null, withheld: null } as const;

/** One of each kind, with numbers that are easily told apart: 12.5 mm, 90°, π·6·4 mm², 20 mm². */
export const EXAMPLE_ANNOTATIONS: readonly Annotation[] = [
  {
    id: 'a1',
    number: 1,
    name: 'Ruler 1',
    plane: AXIAL,
    shape: {
      kind: 'ruler',
      pointsLpsMm: [
        [0, 0, 30],
        [7.5, 10, 30],
      ],
    },
    ...NOTHING,
  },
  {
    id: 'a2',
    number: 2,
    name: 'Angle of the ridge',
    plane: AXIAL,
    shape: {
      kind: 'angle',
      pointsLpsMm: [
        [10, 0, 30],
        [0, 0, 30],
        [0, 5, 30],
      ],
    },
    ...NOTHING,
  },
  {
    id: 'a3',
    number: 3,
    name: 'Ellipse 1',
    plane: AXIAL,
    shape: {
      kind: 'ellipse',
      centreLpsMm: [20, 20, 30],
      // The second axis is the longer one.
      halfAxesLpsMm: [
        [4, 0, 0],
        [0, 6, 0],
      ],
    },
    hu: {
      meanHu: 312.4,
      deviationHu: 23.6,
      minimumHu: 201,
      maximumHu: 405,
      samples: 314,
      sampling: 'voxels',
      outsideShare: 0,
    },
    withheld: null,
  },
  {
    id: 'a4',
    number: 4,
    name: 'Free region 1',
    plane: { pointLpsMm: [0, 0, 0], normal: [0, 0.6, 0.8] },
    shape: {
      kind: 'freehand',
      pointsLpsMm: [
        [0, 0, 0],
        [4, 0, 0],
        [4, 4, -3],
        [0, 4, -3],
      ],
    },
    hu: {
      meanHu: 54.5,
      deviationHu: 11.25,
      minimumHu: -12.5,
      maximumHu: 88.75,
      samples: 500,
      sampling: 'trilinear',
      outsideShare: 0.25,
    },
    withheld: null,
  },
  {
    id: 'a5',
    number: 5,
    name: 'Thrombus?',
    plane: AXIAL,
    shape: {
      kind: 'text',
      pointsLpsMm: [
        [3, 3, 30],
        [9, -4, 30],
      ],
    },
    ...NOTHING,
  },
];
