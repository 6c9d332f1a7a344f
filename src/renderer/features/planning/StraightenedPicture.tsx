import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { polylineLength } from '#shared/anatomy/centreLine.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { orientationLetters } from '#shared/geometry/orientationLetters.ts';
import { scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { REFORMAT_REACH_MM, reformatFrame, reformatPixels } from '#shared/planning/reformatPixels.ts';
import { placeAt, type ReformatFrame, straightenedPlaces } from '#shared/planning/straightenedReformat.ts';
import { Button } from '../../ui/Button.tsx';
import type { HuWindow, ViewedVolume } from '../../viewer/types.ts';
import { words } from '../../words/index.ts';
import { drawInSight } from './drawInSight.ts';
import { once } from './once.ts';

interface StraightenedPictureProps {
  readonly lineLpsMm: readonly Vec3[];
  readonly volume: ViewedVolume;
  readonly appendage: MeasuredAppendage;
  readonly window: HuWindow;
  readonly sectionMm: number | null;
  readonly landingZoneMm: number;
  readonly onSection: (distanceMm: number) => void;
}

const COLUMNS = 414;
const BEFORE_MM = REFORMAT_REACH_MM.before;
const SCALE_BAR_MM = 10;
/** By an arrow key; a drag turns by one degree a pixel. */
const KEY_DEGREES = 5;
const KEY_MM = 0.5;
/** A press that moves less than this is a click. */
const CLICK_PIXELS = 4;
/** So near to a mark a click means the mark, in pixels of the picture. */
const MARK_PIXELS = 8;
const LANDING_COLOUR = '#b6f05a';
const TEXT_COLOUR = '#d7dbe2';
const SECTION_COLOUR = '#f2f5f8';

/**
 * The scan straightened along the centre line, with wall, ostium, section and landing zone. A click moves the section,
 * a drag up or down turns the picture about the line.
 */
export function StraightenedPicture(props: StraightenedPictureProps) {
  const { lineLpsMm, volume, appendage, window: hu, sectionMm, landingZoneMm, onSection } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [turnDegrees, setTurn] = useState(0);
  const press = useRef<{
    readonly x: number;
    readonly y: number;
    readonly turn: number;
    isDrag: boolean;
  } | null>(null);
  const depthMm = polylineLength(lineLpsMm);
  const { mmPerPixel, rows } = reformatFrame(depthMm, COLUMNS, turnDegrees);
  const turnTo = (degrees: number): void => setTurn(((Math.round(degrees) % 360) + 360) % 360);
  const column = (mm: number): number => (mm + BEFORE_MM) / mmPerPixel;

  const { closed, ostiumPlane } = appendage;
  // Made when it is first drawn, and again only where it changes: a section that moves moves a line over it.
  const reformatted = useMemo(
    () =>
      once((): Reformatted => {
        const frame = reformatFrame(polylineLength(lineLpsMm), COLUMNS, turnDegrees);
        const places = straightenedPlaces(lineLpsMm, frame);
        const pixels = reformatPixels(frame, places, { volume, closed, ostiumPlane, window: hu });
        return { frame, places, image: new ImageData(pixels, frame.columns, frame.rows) };
      }),
    [lineLpsMm, volume, closed, ostiumPlane, hu, turnDegrees],
  );
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || lineLpsMm.length < 2) return;
    return drawInSight(context.canvas, () => {
      context.putImageData(reformatted().image, 0, 0);
      drawMarks(context, reformatted(), { sectionMm, landingZoneMm });
    });
  }, [lineLpsMm, reformatted, sectionMm, landingZoneMm]);

  const placeMm = (event: PointerEvent<HTMLElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * COLUMNS;
    const mark = [0, landingZoneMm].find((mm) => Math.abs(column(mm) - x) <= MARK_PIXELS);
    return mark ?? Math.min(depthMm, Math.max(0, x * mmPerPixel - BEFORE_MM));
  };
  const key = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, () => void>> = {
      ArrowUp: () => turnTo(turnDegrees + KEY_DEGREES),
      ArrowDown: () => turnTo(turnDegrees - KEY_DEGREES),
      ArrowLeft: () => onSection(Math.max(0, (sectionMm ?? 0) - KEY_MM)),
      ArrowRight: () => onSection(Math.min(depthMm, (sectionMm ?? 0) + KEY_MM)),
      Home: () => onSection(0),
      End: () => onSection(depthMm),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  return (
    <figure className="straightened">
      <div
        className="plot-slider"
        tabIndex={0}
        role="slider"
        aria-label={words().plan.straightened}
        aria-valuemin={0}
        aria-valuemax={359}
        aria-valuenow={turnDegrees}
        aria-valuetext={words().plan.turnedBy(turnDegrees)}
        onKeyDown={key}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          press.current = { x: event.clientX, y: event.clientY, turn: turnDegrees, isDrag: false };
        }}
        onPointerMove={({ clientX, clientY }) => {
          const from = press.current;
          if (!from) return;
          from.isDrag ||= Math.hypot(clientX - from.x, clientY - from.y) >= CLICK_PIXELS;
          if (from.isDrag) turnTo(from.turn + from.y - clientY);
        }}
        onPointerUp={(event) => {
          if (press.current && !press.current.isDrag) onSection(placeMm(event));
          press.current = null;
        }}
        onPointerCancel={() => {
          press.current = null;
        }}
        data-testid="straightened"
      >
        <canvas ref={canvas} className="projection" width={COLUMNS} height={rows} />
      </div>
      <div className="plan-buttons">
        <Button onClick={() => onSection(0)} data-testid="straightened-ostium">
          {words().plan.sectionAtOstium}
        </Button>
        <Button onClick={() => onSection(landingZoneMm)} data-testid="straightened-landing">
          {words().plan.atLanding}
        </Button>
        <Button onClick={() => turnTo(turnDegrees + 90)} data-testid="straightened-turn">
          {words().plan.turn90}
        </Button>
      </div>
      <figcaption className="quiet">{words().plan.turnHint(turnDegrees)}</figcaption>
    </figure>
  );
}

type Context = CanvasRenderingContext2D;

interface Reformatted {
  readonly frame: ReformatFrame;
  readonly places: Float64Array;
  readonly image: ImageData;
}

function drawMarks(
  context: Context,
  { frame, places }: Reformatted,
  { sectionMm, landingZoneMm }: Pick<StraightenedPictureProps, 'sectionMm' | 'landingZoneMm'>,
): void {
  const { columns, rows, mmPerPixel } = frame;
  const column = (mm: number): number => (mm + BEFORE_MM) / mmPerPixel;
  const middle = rows / 2;
  drawLine(context, [column(0), middle, columns, middle], '#8fd3ff', [2, 4]);
  drawLine(context, [column(landingZoneMm), 0, column(landingZoneMm), rows], LANDING_COLOUR, [6, 5]);
  if (sectionMm !== null)
    drawLine(context, [column(sectionMm), 0, column(sectionMm), rows], SECTION_COLOUR, []);
  // Which way is up turns along a bent line: it is said where the section is, or at the ostium.
  const at = Math.min(columns - 1, Math.max(0, Math.floor(column(sectionMm ?? 0))));
  const down = subtract(placeAt(places, frame, at, rows - 1), placeAt(places, frame, at, 0));
  const length = Math.hypot(...down);
  drawWords(context, orientationLetters(scale(down, -1 / length)), [column(sectionMm ?? 0) + 5, 16]);
  drawWords(context, orientationLetters(scale(down, 1 / length)), [column(sectionMm ?? 0) + 5, rows - 7]);
  drawWords(context, words().plan.atrium, [4, 16]);
  context.textAlign = 'right';
  drawWords(context, words().plan.tip, [columns - 4, 16]);
  context.textAlign = 'left';
  const [left, low] = [6, rows - 8];
  drawLine(context, [left, low, left + SCALE_BAR_MM / mmPerPixel, low], TEXT_COLOUR, [], 3);
  drawWords(context, `${SCALE_BAR_MM} mm`, [left, low - 6]);
}

function drawWords(context: Context, text: string, [x, y]: readonly [number, number]): void {
  context.font = '600 15px system-ui, "Segoe UI", Roboto, sans-serif';
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(0, 0, 0, 0.75)';
  context.strokeText(text, x, y);
  context.fillStyle = TEXT_COLOUR;
  context.fillText(text, x, y);
}

function drawLine(
  context: Context,
  [fromX, fromY, toX, toY]: readonly [number, number, number, number],
  colour: string,
  dash: readonly number[],
  width = 2,
): void {
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
  context.setLineDash([]);
}
