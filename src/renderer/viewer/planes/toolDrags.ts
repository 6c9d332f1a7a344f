import type { AnnotationKind } from '#shared/contract/annotations.ts';
import type { PaneHost } from '../pane.ts';
import { type Drag, dragTo } from '../paneInput.ts';
import { type PixelPoint, pixelShiftToLps, pixelToLps } from '../planeFrame.ts';
import type { Stroke, Tool } from '../types.ts';
import { placeCrosshair } from './handleDrags.ts';
import { dragWindow } from './huWindow.ts';
import type { PlaneView } from './planeView.ts';

type EmitStroke = (phase: Stroke['phase'], positions: readonly PixelPoint[]) => void;

function strokeEmitter(host: PaneHost, view: PlaneView, tool: Stroke['tool']): EmitStroke {
  return (phase, positions) => {
    const frame = view.frame();
    host.events.onStroke({
      phase,
      tool,
      plane: view.plane,
      planeNormal: frame.normal,
      pointsLpsMm: positions.map((position) => pixelToLps(frame, position)),
    });
  };
}

function dragStroke(emit: EmitStroke, from: PixelPoint): Drag {
  emit('start', [from]);
  return { move: (positions) => emit('move', positions), end: () => emit('end', []) };
}

/** The outline stays in the pane while it is drawn; the stroke's end carries all of it. */
function dragScissors(
  emit: EmitStroke,
  from: PixelPoint,
  showOutline: (outline: readonly PixelPoint[]) => void,
): Drag {
  let outline: PixelPoint[] = [from];
  emit('start', []);
  return {
    move(positions) {
      outline = [...outline, ...positions];
      showOutline(outline);
    },
    end() {
      showOutline([]);
      emit('end', outline);
    },
  };
}

/**
 * The drag of a tool from a pixel.
 * @param showOutline draws the scissors' outline in the pane; an empty one removes it
 */
export function dragTool(
  host: PaneHost,
  view: PlaneView,
  tool: Exclude<Tool, AnnotationKind>,
  from: PixelPoint,
  showOutline: (outline: readonly PixelPoint[]) => void,
): Drag {
  const scene = host.scene();
  const frame = view.frame();
  let last = from;
  switch (tool) {
    case 'crosshair': {
      const place = (now: PixelPoint): void => placeCrosshair(host, pixelToLps(frame, now));
      place(from);
      return dragTo(place);
    }
    case 'window':
      return dragTo((now) =>
        host.events.onWindow(dragWindow(scene.window, now[0] - from[0], now[1] - from[1])),
      );
    case 'pan':
      return dragTo((now) => {
        view.panBy(pixelShiftToLps(frame, [now[0] - last[0], now[1] - last[1]]));
        last = now;
      });
    case 'zoom':
      return dragTo((now) => {
        view.zoomBy(1.01 ** (last[1] - now[1]), from);
        last = now;
      });
    case 'brush':
    case 'eraser':
      return dragStroke(strokeEmitter(host, view, tool), from);
    case 'scissors':
      return dragScissors(strokeEmitter(host, view, tool), from, showOutline);
    default:
      return tool satisfies never;
  }
}
