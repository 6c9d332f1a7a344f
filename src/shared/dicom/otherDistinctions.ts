import type { DataElements } from './dataElements.ts';

interface Distinction {
  /** By its name in PS3.6. */
  readonly name: string;
  /** For the list of series; the value follows. */
  readonly label: string;
  readonly read: (elements: DataElements) => string;
  /** The functional group that has it in an Enhanced CT (PS3.3 C.7.6.16, C.8.15.3). */
  readonly group?: string;
  /** Whether each of its values may tell apart by itself, or two together, whatever the others say. */
  readonly isList?: boolean;
}

const text =
  (tag: string) =>
  (elements: DataElements): string =>
    elements.texts(tag).join('\\');
const number =
  (tag: string, of: 'float' | 'uint16') =>
  (elements: DataElements): string =>
    String(elements[of](tag) ?? '');

/** Longer lists are cut: few phases have more than two dimensions beside the place. */
const MOST_VALUES = 5;

/** Which values of a list tell apart: each one, then each pair of them. */
const CHOICES: readonly (readonly number[])[] = [
  ...Array.from({ length: MOST_VALUES }, (_, at) => [at]),
  ...Array.from({ length: MOST_VALUES }, (_, at) => at).flatMap((first) =>
    Array.from({ length: MOST_VALUES - first - 1 }, (_, more) => [first, first + more + 1]),
  ),
];

const FRAME_CONTENT = 'x00209111';

/**
 * What tells images at the same place apart where nothing does that names a phase or a time, the most telling first: a
 * scanner that reconstructs two phases under one series need not say so where it should.
 */
const OTHER_DISTINCTIONS: readonly Distinction[] = [
  { name: 'Stack ID', label: 'stack', read: text('x00209056'), group: FRAME_CONTENT },
  { name: 'Cardiac Cycle Position', label: 'cycle position', read: text('x00189236'), group: 'x00189118' },
  {
    name: 'Temporal Position Time Offset',
    label: 'time offset',
    read: number('x0020930d', 'float'),
    group: 'x00209310',
  },
  { name: 'Frame Reference DateTime', label: 'time', read: text('x00189151'), group: FRAME_CONTENT },
  { name: 'Frame Label', label: 'frame label', read: text('x00209453'), group: FRAME_CONTENT },
  {
    name: 'Dimension Index Values',
    label: 'dimension index',
    read: (elements) => elements.uint32s('x00209157').slice(0, MOST_VALUES).join('\\'),
    group: FRAME_CONTENT,
    isList: true,
  },
  { name: 'Acquisition UID', label: 'acquisition', read: text('x00080017') },
  { name: 'Irradiation Event UID', label: 'irradiation event', read: text('x00083010'), group: 'x00189477' },
  { name: 'Contrast/Bolus Agent', label: 'contrast', read: text('x00180010') },
  {
    name: 'Contrast/Bolus Agent Number',
    label: 'contrast',
    read: number('x00189337', 'uint16'),
    group: 'x00189341',
  },
  {
    name: 'Contrast/Bolus Agent Administered',
    label: 'contrast administered',
    read: text('x00189342'),
    group: 'x00189341',
  },
  {
    name: 'Contrast/Bolus Agent Phase',
    label: 'contrast phase',
    read: text('x00189344'),
    group: 'x00189341',
  },
  { name: 'Study Date', label: 'study of', read: text('x00080020') },
  { name: 'Study Time', label: 'study at', read: text('x00080030') },
  { name: 'Instance Creation Time', label: 'made at', read: text('x00080013') },
  { name: 'Nominal Interval', label: 'interval', read: text('x00181062') },
  { name: 'Low R-R Value', label: 'least interval', read: text('x00181081') },
  { name: 'Heart Rate', label: 'heart rate', read: text('x00181088') },
  { name: 'X-Ray Tube Current', label: 'tube current', read: text('x00181151') },
  { name: 'Exposure Time', label: 'exposure time', read: text('x00181150') },
  { name: 'Data Collection Diameter', label: 'collection diameter', read: text('x00180090') },
  { name: 'Window Center', label: 'window centre', read: text('x00281050') },
];

/** A way to tell images apart by what {@link readOtherDistinctions} gave. */
export interface OtherAttribute {
  readonly name: string;
  readonly label: string;
  readonly of: (others: readonly string[]) => string;
}

export const OTHER_ATTRIBUTES: readonly OtherAttribute[] = OTHER_DISTINCTIONS.flatMap(
  ({ name, label, isList = false }, at): OtherAttribute[] =>
    isList
      ? CHOICES.map((choice) => ({
          name,
          label: `${label} ${choice.map((index) => index + 1).join(', ')}:`,
          of: (others) => chosen(others[at] ?? '', choice),
        }))
      : [{ name, label, of: (others) => others[at] ?? '' }],
);

/** The chosen values of a list; '' where it lacks one of them. */
function chosen(list: string, choice: readonly number[]): string {
  const values = list.split('\\');
  const found = choice.map((index) => values[index] ?? '');
  return found.includes('') ? '' : found.join(', ');
}

/**
 * The values of {@link OTHER_DISTINCTIONS}, '' where the file does not say.
 * @param groupOf the elements of a functional group; those of the file where it has none
 */
export const readOtherDistinctions = (
  elements: DataElements,
  groupOf: (tag: string) => DataElements = () => elements,
): readonly string[] =>
  OTHER_DISTINCTIONS.map(({ read, group }) => read(group === undefined ? elements : groupOf(group)));
