import { isAnnotationKind } from '#shared/contract/annotations.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { LanguageCode } from '#shared/words/words.ts';
import type { AnnotationsState } from '../../features/annotations/index.ts';
import {
  type CArmState,
  foundPlaces,
  type Landmarks,
  landmarkPoints,
  linePoints,
  type OutlineCorrectionState,
  outlinePoints,
  type PlacedDeviceState,
  type PlanningState,
  zoneHandle,
} from '../../features/planning/index.ts';
import { type RegionState, sameRegion } from '../../features/region/index.ts';
import {
  type BesideState,
  type ComparisonState,
  doubtPatches,
  type ReviewState,
} from '../../features/review/index.ts';
import type { ViewerScene } from '../../viewer/types.ts';
import { type PageWords, wordsIn } from '../../words/index.ts';
import { bannerOf, type ScanState } from './scanStore.ts';
import { isEditingTool, type ViewState } from './viewStore.ts';

/** All states that decide what is on the screen. */
export interface SceneStates {
  readonly view: ViewState;
  readonly scan: ScanState;
  readonly region: RegionState;
  readonly review: ReviewState;
  readonly beside: BesideState;
  readonly comparison: ComparisonState;
  readonly planning: Pick<PlanningState, 'shown' | 'lineHandlesLpsMm'>;
  readonly device: Pick<PlacedDeviceState, 'shown' | 'isVisible'>;
  readonly cArm: Pick<CArmState, 'view' | 'isLinked'>;
  readonly outline: Pick<OutlineCorrectionState, 'outline'>;
  readonly landmarks: ReturnType<Landmarks['store']['getState']>;
  readonly annotations: Pick<AnnotationsState, 'list' | 'selected'>;
  /** In which the panes' words are written. */
  readonly language: LanguageCode;
}

const regionOf = ({ region, status }: RegionState, { current }: ReviewState): ViewerScene['region'] => {
  // The box that the result was made from would only cover it.
  if (!region || status === 'searching' || (current && sameRegion(current.region, region))) return null;
  return { box: { centreLpsMm: region.centreLpsMm, edgeMm: region.edgeMm }, editable: true };
};

const ostiumOf = (
  { appendage, plane, isVisible }: ReviewState,
  { tool }: ViewState,
): ViewerScene['ostium'] => {
  if (!appendage || !plane || !isVisible) return null;
  return { plane, rimLpsMm: appendage.rimLpsMm, editable: !isEditingTool(tool) && !isAnnotationKind(tool) };
};

/** Its handles stand only where a device is planned: in the tab *Plan*, and not while labels are edited. */
const deviceOf = (
  { shown, isVisible }: SceneStates['device'],
  { tool }: ViewState,
  planning: SceneStates['planning'],
): ViewerScene['device'] =>
  shown && isVisible
    ? { ...shown, editable: planning.shown !== null && !isEditingTool(tool) && !isAnnotationKind(tool) }
    : null;

/** The lumen hides what lies in it unless it is seen through, share. */
const MOST_OPACITY_OVER_DEVICE = 0.45;
const MOST_OPACITY_OVER_UNFILLED = 0.9;

const opacityOf = (
  { opacity, current }: ReviewState,
  { shown, isVisible }: SceneStates['device'],
): number => {
  if (shown && isVisible) return Math.min(opacity, MOST_OPACITY_OVER_DEVICE);
  return current?.unfilled ? Math.min(opacity, MOST_OPACITY_OVER_UNFILLED) : opacity;
};

const besideOf = ({ files }: BesideState): ViewerScene['beside'] =>
  files
    .flatMap(({ segments }) => segments)
    .flatMap(({ isShown, surface, colour }) =>
      isShown && surface ? [{ mesh: surface, colour, place: 'over' }] : [],
    );

/** Light grey: none of the colours of distances. */
const OTHER_COLOUR = '#c9ced6';

const otherOf = (
  { other, isColoured, isSideBySide }: ComparisonState,
  inWords: PageWords,
): ViewerScene['beside'] => {
  if (other === null) return [];
  const place = isSideBySide ? 'right' : isColoured ? 'none' : 'over';
  const name = inWords.comparison.otherNamed(inWords.recorded(other.name));
  return [{ mesh: other.closed, colour: OTHER_COLOUR, place, name }];
};

const differenceOf = (
  { result, isColoured }: ComparisonState,
  closed: TriangleMesh,
): NonNullable<ViewerScene['mesh']>['difference'] =>
  result !== null && isColoured && result.of === closed ? result : null;

/** Where the network's own surface is less sure; nothing of one that a person changed. */
const doubtOf = ({ current, appendage, isVisible, showsDoubt }: ReviewState): ViewerScene['doubt'] =>
  current?.offChances && appendage === current.original && isVisible && showsDoubt
    ? doubtPatches(current.original.closed, current.offChances)
    : [];

/** What the viewer shows for the states of all stores; a pure function. */
export function sceneOf({
  view,
  scan,
  region,
  review,
  beside,
  comparison,
  planning,
  landmarks,
  annotations,
  device,
  cArm,
  outline,
  language,
}: SceneStates): ViewerScene {
  const inWords = wordsIn(language);
  const { appendage, current, isVisible, isComparing } = review;
  const { correction } = scan.scan?.source ?? current?.report.source ?? {};
  return {
    volume: scan.scan?.volume ?? null,
    layout: view.layout,
    window: view.window,
    slab: view.slab,
    crosshairLpsMm: view.crosshairLpsMm,
    axes: view.axes,
    tool: view.tool,
    brushRadiusMm: view.brushRadiusMm,
    region: regionOf(region, review),
    mesh: appendage
      ? {
          closed: appendage.closed,
          visible: isVisible,
          opacity: opacityOf(review, device),
          difference: differenceOf(comparison, appendage.closed),
          name: inWords.comparison.current,
        }
      : null,
    reference: isComparing && current ? current.original.closed : null,
    unfilled: current && isVisible ? current.unfilled : null,
    doubt: doubtOf(review),
    beside: [...besideOf(beside), ...otherOf(comparison, inWords)],
    labels: current && isEditingTool(view.tool) ? current.labels : null,
    ostium: ostiumOf(review, view),
    plan: isVisible && planning.shown ? { ...planning.shown, edited: outline.outline } : null,
    device: deviceOf(device, view, planning),
    points:
      appendage && isVisible
        ? [
            ...outlinePoints(outline),
            ...zoneHandle(planning),
            ...linePoints(planning),
            ...landmarkPoints(review.marks, inWords),
            ...(planning.shown ? foundPlaces(current?.report.surroundings ?? null, inWords) : []),
          ]
        : [],
    isPlacing: landmarks.placing !== null,
    annotations: { list: annotations.list, selected: annotations.selected },
    cArm: cArm.isLinked ? cArm.view : null,
    volumeRendering: view.volumeRendering,
    banner: scan.scan
      ? [
          bannerOf(scan.scan.patient, scan.scan.isSample, correction, inWords),
          ...(current?.isCut ? [inWords.scan.truncated] : []),
        ].join(' · ')
      : '',
    language,
  };
}

const isSame = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return false;
  const recordA: Readonly<Record<string, unknown>> = { ...a };
  const recordB: Readonly<Record<string, unknown>> = { ...b };
  const keys = Object.keys(recordA);
  return (
    keys.length === Object.keys(recordB).length && keys.every((key) => isSame(recordA[key], recordB[key]))
  );
};

/** The parts of a scene that differ from an earlier one; null where nothing does. Bulk data differ by identity. */
export function changedParts(before: ViewerScene, after: ViewerScene): Partial<ViewerScene> | null {
  const earlier: Readonly<Record<string, unknown>> = { ...before };
  const changed = Object.entries(after).filter(([key, value]) => !isSame(earlier[key], value));
  return changed.length === 0 ? null : Object.fromEntries(changed);
}
