/** A point of a curve: how much of what, and what it took. */
export interface Drawn {
  readonly title: string;
  readonly of: string;
  readonly points: readonly { readonly x: number; readonly seconds: number; readonly mib: number }[];
}

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [430, 230, 48, 48, 34, 40] as const;
const [SECONDS_COLOUR, MIB_COLOUR] = ['#1f5fa8', '#b3541e'] as const;

const decadeTicks = (low: number, high: number): number[] => {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    ticks.push(10 ** power);
  return ticks;
};

const short = (value: number): string =>
  value >= 1e6
    ? `${value / 1e6} M`
    : value >= 1e4
      ? `${value / 1e3} k`
      : String(Number(value.toPrecision(3)));

/** Seconds (left axis) and peak memory (right axis) of each curve, both axes logarithmic, as one SVG. */
export function chartSvg(curves: readonly Drawn[]): string {
  const columns = 2;
  const rows = Math.ceil(curves.length / columns);
  const parts = curves.map((curve, at) => {
    const [x, y] = [(at % columns) * WIDTH, Math.floor(at / columns) * HEIGHT];
    return `<g transform="translate(${x} ${y})">${panel(curve)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * WIDTH} ${rows * HEIGHT}" font-family="sans-serif" font-size="11"><title>Processor seconds and peak memory</title><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

function panel({ title, of, points }: Drawn): string {
  const xs = points.map((point) => point.x);
  const [lowX, highX] = [Math.min(...xs), Math.max(...xs)];
  const xAt = (x: number): number =>
    LEFT + (Math.log(x / lowX) / Math.log(highX / lowX || 2)) * (WIDTH - LEFT - RIGHT);
  const text = (x: number, y: number, words: string, more = ''): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${words}</text>`;
  const curve = (values: readonly number[], colour: string, side: 'start' | 'end'): string => {
    const ticks = decadeTicks(Math.min(...values), Math.max(...values));
    const [low, high] = [ticks[0]!, ticks.at(-1)!];
    const yAt = (value: number): number =>
      HEIGHT - BOTTOM - (Math.log(value / low) / Math.log(high / low || 10)) * (HEIGHT - TOP - BOTTOM);
    const line = points.map((point, at) => `${xAt(point.x).toFixed(1)},${yAt(values[at]!).toFixed(1)}`);
    const labelX = side === 'end' ? LEFT - 6 : WIDTH - RIGHT + 6;
    return [
      ...ticks.map((tick) =>
        text(labelX, yAt(tick) + 4, short(tick), `text-anchor="${side}" fill="${colour}"`),
      ),
      `<polyline points="${line.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
      ...line.map(
        (at) => `<circle cx="${at.split(',')[0]}" cy="${at.split(',')[1]}" r="2.5" fill="${colour}"/>`,
      ),
    ].join('');
  };
  return [
    text(LEFT, 16, title, 'font-weight="bold"'),
    text(LEFT, 29, 'processor seconds', `fill="${SECONDS_COLOUR}"`),
    text(WIDTH - RIGHT, 29, 'peak MiB', `text-anchor="end" fill="${MIB_COLOUR}"`),
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}V${TOP}" fill="none" stroke="#999"/>`,
    ...xs.map((x) => text(xAt(x), HEIGHT - BOTTOM + 14, short(x), 'text-anchor="middle"')),
    text(WIDTH / 2, HEIGHT - 10, of, 'text-anchor="middle"'),
    curve(
      points.map((point) => point.seconds),
      SECONDS_COLOUR,
      'end',
    ),
    curve(
      points.map((point) => point.mib),
      MIB_COLOUR,
      'start',
    ),
  ].join('');
}
