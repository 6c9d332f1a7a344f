import type { Picture } from '#shared/contract/services/exporting.ts';
import { failureOf } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { CreateViewer, PaneName, Viewer, ViewerEvents, ViewerScene } from '../../viewer/types.ts';
import { changedParts } from './sceneOf.ts';
import { isStraight } from './viewStore.ts';

/** The viewer, while its element is on the page; callers need not check whether it is. */
export interface ViewerSlot {
  /** Builds the viewer in an element. @returns a function that removes it */
  attach(element: HTMLElement): () => void;
  /** Shows what differs from what was shown last. */
  show(scene: ViewerScene): void;
  /** The volume that is shown was filled further. */
  volumeGrew(): void;
  viewer(): Viewer | null;
  /** Pictures for a report, with the banner that names the patient or without. */
  pictures(withBanner?: boolean): Promise<readonly Picture[]>;
}

export interface ViewerSlotListener {
  /** Null when the viewer is removed. */
  readonly onGraphics: (graphics: ReturnType<Viewer['graphics']> | null) => void;
  /** The viewer could not be built; why. */
  readonly onFailure: (why: Failure) => void;
}

const CAPTIONS: readonly (readonly [pane: PaneName, straight: string, oblique: string])[] = [
  ['axial', 'Axial plane', 'Oblique axial plane'],
  ['coronal', 'Coronal plane', 'Oblique coronal plane'],
  ['sagittal', 'Sagittal plane', 'Oblique sagittal plane'],
  ['three', 'Surface with the ostium', 'Surface with the ostium'],
];

export function createViewerSlot(
  createViewer: CreateViewer,
  events: ViewerEvents,
  initialScene: ViewerScene,
  { onGraphics, onFailure }: ViewerSlotListener,
): ViewerSlot {
  let scene = initialScene;
  let viewer: Viewer | null = null;
  return {
    attach(element) {
      let created: Viewer;
      try {
        created = createViewer(element, events, scene);
      } catch (thrown) {
        // Without graphics the rest still works: results can be exported.
        onFailure(failureOf(thrown));
        return () => {};
      }
      viewer = created;
      onGraphics(created.graphics());
      return () => {
        if (viewer === created) viewer = null;
        onGraphics(null);
        created.dispose();
      };
    },
    show(next) {
      const changed = changedParts(scene, next);
      if (!changed) return;
      scene = next;
      viewer?.show(changed);
    },
    volumeGrew: () => viewer?.show({ volume: scene.volume }),
    viewer: () => viewer,
    async pictures(withBanner = true) {
      if (!viewer) return [];
      const shown = viewer;
      // With one pane alone the others have no size and no picture; handles and tints have no place in a report.
      shown.show({
        layout: 'quad',
        tool: 'crosshair',
        labels: null,
        region: null,
        ...(withBanner ? {} : { banner: '' }),
        ostium: scene.ostium && { ...scene.ostium, editable: false },
        annotations: { ...scene.annotations, selected: null },
      });
      try {
        await shown.settled();
        const pictures: Picture[] = [];
        for (const [pane, straight, oblique] of CAPTIONS) {
          const caption = isStraight(scene.axes) ? straight : oblique;
          pictures.push({ caption, png: await shown.capture(pane) });
        }
        return pictures;
      } finally {
        const { layout, tool, labels, region, ostium, annotations, banner } = scene;
        shown.show({ layout, tool, labels, region, ostium, annotations, banner });
      }
    },
  };
}
