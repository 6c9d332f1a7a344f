import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { readDicomSegmentation } from '#shared/dicom/dicomSegmentation.ts';
import type { LabelImage } from '#shared/dicom/labelImage.ts';
import { failureOf } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { debounce, type Timer, windowTimer } from '../../jobs/debounce.ts';
import { agreementOf, type PlacedSegment, placeSegment } from './besideSegments.ts';
import { type NameOfSeries, segmentationUnderReview } from './openedSegmentation.ts';
import { exportedLabels, isSameCase, type ReviewCase } from './reviewCase.ts';
import type { ReviewState } from './reviewState.ts';
import { segmentationTitle } from './segmentationTitle.ts';
import { trimLabels } from './trimLabels.ts';

/** How far a segment agrees with the work under review. */
export interface Agreement {
  readonly dice: number;
  /** Null while they are computed, and where there is no surface. */
  readonly distancesMm: { readonly mean: number; readonly percent95: number } | null;
}

/** A segment of another segmentation, shown beside the work under review. */
export interface BesideSegment {
  readonly id: string;
  readonly name: string;
  /** `#rrggbb` */
  readonly colour: string;
  readonly isShown: boolean;
  readonly volumeMl: number;
  /** Share of its voxels outside of the part of the scan that is under review. */
  readonly shareOutside: number;
  /** Null until it is drawn. */
  readonly surface: MeasuredAppendage['closed'] | null;
  readonly agreement: Agreement | null;
  /** Why it has no surface, or no distances. */
  readonly problem: Failure | null;
}

export interface BesideFile {
  readonly id: string;
  readonly fileName: string;
  readonly maker: string;
  readonly description: string;
  readonly segments: readonly BesideSegment[];
  /** Of which images it was made, where it was not of these; what its file leaves open. */
  readonly warnings: readonly Failure[];
}

export interface BesideState {
  readonly files: readonly BesideFile[];
  /** Of the work under review, mL, as it is compared; null where nothing is. */
  readonly ownVolumeMl: number | null;
}

/** Segmentations of this program and of others, looked at beside the work under review. They are no part of it. */
export interface Beside {
  readonly store: StoreApi<BesideState>;
  /** Opens a DICOM Segmentation. @returns whether it is of this scan and was opened */
  open(file: Uint8Array, fileName: string): Promise<boolean>;
  show(segmentId: string, isShown: boolean): void;
  remove(fileId: string): void;
}

export interface BesideHost {
  readonly client: Pick<AuricleClient, 'meshing'>;
  readonly review: StoreApi<ReviewState>;
  readonly onProblem: (why: Failure) => void;
  readonly nameOfSeries?: NameOfSeries;
  readonly timer?: Timer;
}

/** None is the work's amber or its original's pale blue; told apart without red and green too. */
export const BESIDE_COLOURS = ['#44bbff', '#ffff44', '#aa6655', '#6655ff', '#dd0099', '#ddffbb'] as const;

/** Edits come many in a row. */
const COMPARE_DELAY_MS = 600;

export function createBeside({
  client,
  review,
  onProblem,
  nameOfSeries,
  timer = windowTimer,
}: BesideHost): Beside {
  const store = createStore<BesideState>(() => ({ files: [], ownVolumeMl: null }));
  /** What a segment is made of, by its id. */
  const placed = new Map<string, PlacedSegment>();
  const images = new Map<string, { readonly image: LabelImage; readonly fileName: string }>();
  let opened = 0;
  let generation = 0;

  const change = (segmentId: string, parts: Partial<BesideSegment>): void =>
    store.setState(({ files }) => ({
      files: files.map((file) => ({
        ...file,
        segments: file.segments.map((one) => (one.id === segmentId ? { ...one, ...parts } : one)),
      })),
    }));
  const segments = (): BesideSegment[] => store.getState().files.flatMap((file) => file.segments);

  const draw = async (segmentId: string): Promise<void> => {
    const part = placed.get(segmentId);
    if (part === undefined) return;
    try {
      const { mesh } = await client.meshing.labelSurfaces({ labels: trimLabels(part.labels) });
      if (placed.get(segmentId) === part) change(segmentId, { surface: mesh, problem: null });
    } catch (thrown) {
      if (placed.get(segmentId) === part) change(segmentId, { problem: failureOf(thrown) });
    }
  };
  /** Compares everything with the work as it is now; an older comparison gives up. */
  const compare = async (): Promise<void> => {
    const mine = ++generation;
    const { current, appendage } = review.getState();
    if (current === null || appendage === null || placed.size === 0) return;
    const own = exportedLabels(current, appendage);
    for (const { id, surface } of segments()) {
      const part = placed.get(id);
      if (part === undefined) continue;
      const { dice, ownVolumeMl } = agreementOf(own, part);
      store.setState({ ownVolumeMl });
      change(id, { agreement: { dice, distancesMm: null } });
      if (surface === null) continue;
      try {
        const distancesMm = await client.meshing.distances({ from: appendage.closed, to: surface });
        if (mine !== generation) return;
        change(id, { agreement: { dice, distancesMm }, problem: null });
      } catch (thrown) {
        if (mine !== generation) return;
        change(id, { problem: failureOf(thrown) });
      }
    }
  };
  const compareSoon = debounce(() => void compare(), COMPARE_DELAY_MS, timer);

  const place = (fileId: string, current: ReviewCase): readonly Failure[] => {
    const known = images.get(fileId);
    if (known === undefined) return [];
    const { image, warnings } = segmentationUnderReview(known.image, known.fileName, current, nameOfSeries);
    for (const { value } of image.labels)
      placed.set(`${fileId}-${value}`, placeSegment(image, value, current));
    return warnings;
  };

  review.subscribe((after, before) => {
    const { current, appendage } = after;
    if (store.getState().files.length === 0) return;
    if (current?.seriesInstanceUid !== before.current?.seriesInstanceUid) {
      placed.clear();
      images.clear();
      store.setState({ files: [], ownVolumeMl: null });
      return;
    }
    if (current !== null && !isSameCase(current, before.current)) {
      // Segmented again: another part of the scan may be under review.
      for (const { id } of store.getState().files) place(id, current);
      void Promise.all(segments().map(({ id }) => draw(id))).then(compare);
    } else if (appendage !== before.appendage) compareSoon.schedule();
  });

  return {
    store,
    async open(file, fileName) {
      const { current } = review.getState();
      if (current === null) return false;
      const fileId = `beside-${++opened}`;
      let added: BesideFile;
      try {
        const image = readDicomSegmentation(file, fileName, { isAnyStack: true });
        images.set(fileId, { image, fileName });
        const warnings = place(fileId, current);
        const first = segments().length;
        added = {
          id: fileId,
          fileName,
          ...segmentationTitle(file),
          warnings,
          segments: image.labels.map(({ value, name }, at) => ({
            id: `${fileId}-${value}`,
            name: name || `Segment ${value}`,
            colour: BESIDE_COLOURS[(first + at) % BESIDE_COLOURS.length] ?? BESIDE_COLOURS[0],
            isShown: true,
            volumeMl: placed.get(`${fileId}-${value}`)?.volumeMl ?? 0,
            shareOutside: placed.get(`${fileId}-${value}`)?.shareOutside ?? 0,
            surface: null,
            agreement: null,
            problem: null,
          })),
        };
      } catch (thrown) {
        images.delete(fileId);
        for (const id of [...placed.keys()]) if (id.startsWith(`${fileId}-`)) placed.delete(id);
        onProblem(failureOf(thrown));
        return false;
      }
      store.setState(({ files }) => ({ files: [...files, added] }));
      for (const { id } of added.segments) await draw(id);
      await compare();
      return true;
    },
    show: (segmentId, isShown) => change(segmentId, { isShown }),
    remove(fileId) {
      images.delete(fileId);
      for (const id of [...placed.keys()]) if (id.startsWith(`${fileId}-`)) placed.delete(id);
      store.setState(({ files }) => ({ files: files.filter(({ id }) => id !== fileId) }));
    },
  };
}
