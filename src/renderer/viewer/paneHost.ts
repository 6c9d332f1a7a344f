import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Graphics } from './graphics.ts';
import type { PaneName, ViewerEvents, ViewerScene } from './types.ts';

/** What a pane knows of the viewer that it is part of. */
export interface PaneHost {
  readonly events: ViewerEvents;
  readonly graphics: Graphics;
  scene(): ViewerScene;
  /** Where the crosshair will be once the owner has answered: several wheel steps between two answers add up. */
  crosshairLpsMm(): Vec3;
  proposeCrosshair(pointLpsMm: Vec3): void;
  /** Draws one pane, or all, in the next frame. */
  requestDraw(pane?: PaneName): void;
  /** Something moves: pictures may be coarse until shortly after the last call. */
  keepMoving(): void;
  setActive(pane: PaneName): void;
}
