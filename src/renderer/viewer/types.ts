import type { CArmView } from '#shared/anatomy/cArmView.ts';
import type { Annotation, AnnotationKind, AnnotationShape } from '#shared/contract/annotations.ts';
import type { LabelMap, OstiumPlane } from '#shared/contract/values.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { LanguageCode } from '#shared/words/words.ts';

/** A CT volume in HU on the main thread. */
export interface ViewedVolume {
  readonly grid: GridLps;
  readonly data: Int16Array;
  /** Which heart it shows in one of several phases: the view stays as it is from phase to phase. */
  readonly heart?: string;
}

export type PlaneName = 'axial' | 'coronal' | 'sagittal';
export type PaneName = PlaneName | 'three';
export type Layout = 'quad' | PaneName;

export interface HuWindow {
  readonly centreHu: number;
  readonly widthHu: number;
  readonly inverted: boolean;
}

export interface Slab {
  /** 0 shows single slices. */
  readonly thicknessMm: number;
  readonly mode: 'maximum' | 'minimum' | 'mean';
}

/** An axis-aligned cube in LPS mm. */
export interface RegionBox {
  readonly centreLpsMm: Vec3;
  readonly edgeMm: number;
}

/** What the left mouse button does in a plane; wheel scrolls, Ctrl+wheel zooms, middle drags, right windows, always. */
export type Tool = 'crosshair' | 'window' | 'pan' | 'zoom' | 'brush' | 'eraser' | 'scissors' | AnnotationKind;

/** One position of the pen while it is down, or a closed outline for the scissors. */
export interface Stroke {
  readonly phase: 'start' | 'move' | 'end';
  readonly tool: 'brush' | 'eraser' | 'scissors';
  readonly plane: PlaneName;
  /** The plane's own normal, LPS: the scissors cut along it. */
  readonly planeNormal: Vec3;
  /** Since the last event, LPS mm; for the scissors the whole outline, at `end` only. */
  readonly pointsLpsMm: readonly Vec3[];
}

/** A section of the lumen, perpendicular to its centre line. */
export interface ShownSection {
  readonly plane: OstiumPlane;
  /** Its outline, a closed loop; empty where it cannot be measured. */
  readonly rimLpsMm: readonly Vec3[];
  /** Its maximum and minimum diameter. */
  readonly diameters: readonly {
    readonly fromLpsMm: Vec3;
    readonly toLpsMm: Vec3;
    readonly lengthMm: number;
  }[];
  /** Its outline is one that a reader drew. */
  readonly isCorrected: boolean;
}

/** What an occluder is planned by. */
export interface ShownPlan {
  readonly centreLineLpsMm: readonly Vec3[];
  readonly section: ShownSection | null;
  readonly landingZone: ShownSection | null;
  /** Where a reader corrected its outline; else null. */
  readonly ostium: ShownSection | null;
  /** The outline that is corrected by its points, a closed loop; null where none is. */
  readonly edited: { readonly plane: OstiumPlane; readonly outlineLpsMm: readonly Vec3[] } | null;
}

/**
 * A point that a person set and can drag; of kind `found` one that a network found, which nobody can. `zone` is the landing
 * zone's handle.
 */
export interface MarkedPoint {
  /** Of the point among all that are shown. */
  readonly id: string;
  readonly pointLpsMm: Vec3;
  /** Beside it; '' for none. */
  readonly label: string;
  readonly kind: 'landmark' | 'line' | 'outline' | 'zone' | 'found';
  /** The only plane that an outline's point is shown and dragged in, and the one in which the zone's handle is not. */
  readonly plane?: OstiumPlane | null;
}

/** What keys act on: an annotation, and one of its handles; null is all of it. */
export interface SelectedAnnotation {
  readonly id: string;
  readonly handle: number | null;
}

/** What a reader measured in the planes; each is shown on the planes that it lies in. */
export interface ShownAnnotations {
  readonly list: readonly Annotation[];
  readonly selected: SelectedAnnotation | null;
}

/** What a reader does with the measuring tools. */
export type AnnotationEvent =
  | { readonly kind: 'drawn'; readonly shape: AnnotationShape; readonly plane: OstiumPlane }
  | {
      readonly kind: 'changed';
      readonly id: string;
      readonly shape: AnnotationShape;
      readonly isFinal: boolean;
    }
  | { readonly kind: 'selected'; readonly selected: SelectedAnnotation | null };
/** A virtual device where a reader placed it. */
export interface ShownDevice {
  /** Its surface. */
  readonly mesh: TriangleMesh;
  /** Of the widest circumference. */
  readonly centreLpsMm: Vec3;
  /** Away from the ostium. */
  readonly axis: Vec3;
  /** Of the widest circumference. */
  readonly radiusMm: number;
  /** Where it ends in the appendage, along the axis from its centre. */
  readonly endMm: number;
  /** What marks it in 3D, where the lumen hides it: circles about the axis, along it from the centre, mm. */
  readonly circles: readonly (readonly [alongMm: number, radiusMm: number])[];
  /** Name and size. */
  readonly label: string;
  /** Whether its table says that the size fits. */
  readonly fits: boolean;
  readonly editable: boolean;
}

/** What a handle of the device asks for. */
export type DeviceChange =
  | { readonly kind: 'move'; readonly pointLpsMm: Vec3 }
  | { readonly kind: 'aim'; readonly axis: Vec3 };

/** The surface of another segmentation. */
export interface ShownBeside {
  readonly mesh: TriangleMesh;
  /** `#rrggbb` */
  readonly colour: string;
  /** Where it is in 3D: over the work (where left out), to its right, or not at all. In the planes it is always outlined. */
  readonly place?: 'over' | 'right' | 'none';
  /** Whose surface it is, written above it where it stands to the right. */
  readonly name?: string;
}

/** What the viewer shows; set with `Viewer.show`, parts at a time. All of it can change while a volume is open. */
export interface ViewerScene {
  readonly volume: ViewedVolume | null;
  readonly layout: Layout;
  readonly window: HuWindow;
  readonly slab: Slab;
  readonly crosshairLpsMm: Vec3;
  /** Orthonormal: the axial, coronal and sagittal panes' normals are its third, second and first vector. Identity is straight. */
  readonly axes: readonly [Vec3, Vec3, Vec3];
  readonly tool: Tool;
  readonly brushRadiusMm: number;
  readonly region: { readonly box: RegionBox; readonly editable: boolean } | null;
  readonly mesh: {
    readonly closed: TriangleMesh;
    readonly visible: boolean;
    readonly opacity: number;
    /** Distances to another surface at the vertices, mm, shown in colours from −range to +range. */
    readonly difference: { readonly signedMm: Float32Array; readonly rangeMm: number } | null;
    /** Written above it where another surface stands to its right. */
    readonly name?: string;
  } | null;
  /** A second surface, dashed or pale, to compare with (before/after). */
  readonly reference: TriangleMesh | null;
  /** What contrast does not fill of the appendage. */
  readonly unfilled: TriangleMesh | null;
  /** Where the surface is less sure: parts of it, each in its colour, over the contour. */
  readonly doubt: ViewerScene['beside'];
  /** Surfaces of other segmentations, each in its colour, `#rrggbb`. */
  readonly beside: readonly ShownBeside[];
  /** Shown as a tint in the planes while the label map is edited. */
  readonly labels: LabelMap | null;
  readonly ostium: {
    readonly plane: OstiumPlane;
    readonly rimLpsMm: Float32Array | null;
    readonly editable: boolean;
  } | null;
  readonly plan: ShownPlan | null;
  readonly device: ShownDevice | null;
  readonly points: readonly MarkedPoint[];
  /** The next press in a plane sets a point there. */
  readonly isPlacing: boolean;
  readonly annotations: ShownAnnotations;
  /** The C-arm's view that the 3D camera looks along, and turns; null: the camera is free. */
  readonly cArm: CArmView | null;
  readonly volumeRendering: boolean;
  /** Shown in every view's corner. */
  readonly banner: string;
  /** In which the panes' words and numbers are written. */
  readonly language: LanguageCode;
}

/** What people do in the viewer. The viewer itself changes nothing of the scene: the owner answers with `show`. */
export interface ViewerEvents {
  readonly onCrosshair: (pointLpsMm: Vec3) => void;
  readonly onWindow: (window: HuWindow) => void;
  readonly onAxes: (axes: ViewerScene['axes']) => void;
  readonly onRegion: (box: RegionBox, isFinal: boolean) => void;
  readonly onOstiumPlane: (plane: OstiumPlane, isFinal: boolean) => void;
  /** A point is dragged; `isFinal` when it is released. */
  readonly onPoint: (id: string, pointLpsMm: Vec3, isFinal: boolean) => void;
  /** A place on the centre line, or on the outline that is corrected, where a point is to be added. */
  readonly onAddPoint: (pointLpsMm: Vec3) => void;
  readonly onRemovePoint: (id: string) => void;
  /** A press in a plane while a point is to be placed. */
  readonly onPlace: (pointLpsMm: Vec3) => void;
  readonly onDevice: (change: DeviceChange, isFinal: boolean) => void;
  /** The 3D view was turned while it follows a C-arm. */
  readonly onCArm: (view: CArmView) => void;
  readonly onStroke: (stroke: Stroke) => void;
  readonly onAnnotation: (event: AnnotationEvent) => void;
  /** A double click on a pane: the owner shows it alone, or all again. */
  readonly onPaneToggle: (pane: PaneName) => void;
  /** A plane is scrolled by slices along its normal. @returns whether the owner moves it itself, another way */
  readonly onScroll: (plane: PlaneName, slices: number) => boolean;
}

export interface Viewer {
  /** Shows these parts of the scene from now on; what is left out stays. */
  show(parts: Partial<ViewerScene>): void;
  /** The label map's voxels changed in place inside this index box (inclusive). */
  touchLabels(lowIjk: Vec3, highIjk: Vec3): void;
  /** Moves the slice of a pane by whole slices, or resets zoom, pan and camera. */
  scroll(plane: PlaneName, slices: number): void;
  resetCameras(): void;
  /** Zooms the planes to an axis-aligned cube; `resetCameras` shows the whole volume again. */
  frameCube(centreLpsMm: Vec3, edgeMm: number): void;
  /** Draws what the measuring tool draws, in a usual size at the crosshair, in the plane that the pointer was last in. */
  placeAnnotation(): void;
  /** Moves the selected handle along the plane that it is shown in, to the right and down. @returns whether it is shown */
  nudgeAnnotation(rightMm: number, downMm: number): boolean;
  /** Abandons what is half drawn. @returns whether there was anything */
  cancelAnnotation(): boolean;
  /** The plane or 3D view the pointer was last in. */
  activePane(): PaneName;
  /** PNG of a pane as it is shown, banner included. */
  capture(pane: PaneName): Promise<Uint8Array<ArrayBuffer>>;
  /** Resolves when everything shown so far is on the screen. */
  settled(): Promise<void>;
  /** WebGL's renderer in words, for the status bar; says whether it is software. */
  graphics(): { readonly name: string; readonly isSoftware: boolean };
  /** Frees GPU memory, listeners and DOM. */
  dispose(): void;
}

/** Builds the viewer in an element whose size it follows. */
export type CreateViewer = (element: HTMLElement, events: ViewerEvents, scene: ViewerScene) => Viewer;
