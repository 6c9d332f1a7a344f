import { type GemmTile, gemmThreads } from './gemmShader.ts';

const tile = (
  rows: number,
  columns: number,
  depth: number,
  threadRows: 4 | 8,
  threadColumns: 4 | 8,
): GemmTile => ({ rows, columns, depth, threadRows, threadColumns });

/** A tile as part of a program's key. */
export const tileName = (t: GemmTile): string =>
  `${t.rows}x${t.columns}x${t.depth} ${t.threadRows}x${t.threadColumns}`;

/** Enough workgroups to keep a large GPU (132 multiprocessors) busy twice over. */
const FULL_GPU_WORKGROUPS = 264;
/** Threads that the split reductions aim at. */
const FULL_GPU_THREADS = 270_000;

/** Tiles from the most economical to the most parallel, for results of `columns` columns. */
export function gemmTiles(columns: number): readonly GemmTile[] {
  if (columns <= 16) return [tile(256, 16, 16, 8, 4), tile(128, 16, 16, 8, 4), tile(64, 16, 16, 4, 4)];
  if (columns <= 32) return [tile(128, 32, 16, 8, 4), tile(32, 32, 16, 4, 4)];
  if (columns <= 64) {
    return [tile(256, 64, 16, 8, 8), tile(128, 64, 16, 8, 8), tile(64, 64, 16, 8, 4), tile(32, 32, 16, 4, 4)];
  }
  return [tile(128, 128, 16, 8, 8), tile(128, 64, 16, 8, 8), tile(64, 64, 16, 8, 4), tile(32, 32, 16, 4, 4)];
}

/** The most economical tile that still fills a large GPU, else the most parallel one. */
export function chooseTile(rows: number, columns: number): GemmTile {
  const tiles = gemmTiles(columns);
  const enough = tiles.find(
    (t) => Math.ceil(rows / t.rows) * Math.ceil(columns / t.columns) >= FULL_GPU_WORKGROUPS,
  );
  return enough ?? tiles.at(-1)!;
}

/** The tile with the least padding for a reduction over `depth`, and the depth that one workgroup takes. */
export function chooseSplit(
  rows: number,
  columns: number,
  depth: number,
): { tile: GemmTile; splitDepth: number } {
  const candidates =
    rows <= 32
      ? [tile(32, columns <= 16 ? 16 : 32, 32, 4, 4)]
      : [
          ...(columns % 256 === 0 ? [tile(64, 256, 16, 8, 8)] : []),
          ...gemmTiles(columns).filter(
            (t) => t.rows <= 128 && t.columns >= Math.min(columns, 64) && t.rows > 32,
          ),
        ];
  const padded = (t: GemmTile) =>
    Math.ceil(rows / t.rows) * t.rows * Math.ceil(columns / t.columns) * t.columns;
  const chosen = candidates.reduce((best, t) => (padded(t) < 0.9 * padded(best) ? t : best));
  const tiles = Math.ceil(rows / chosen.rows) * Math.ceil(columns / chosen.columns);
  const wanted = Math.ceil(FULL_GPU_THREADS / gemmThreads(chosen) / tiles);
  const splits = Math.max(1, Math.min(wanted, Math.floor(depth / 256)));
  const steps = Math.ceil(depth / splits / chosen.depth);
  return { tile: chosen, splitDepth: steps * chosen.depth };
}

/**
 * Tile and depth for a product that is deep and may be too small to fill the GPU by its tiles alone (the coarsest
 * levels): then the depth is split over more workgroups.
 */
export function choosePlan(
  rows: number,
  columns: number,
  depth: number,
): { tile: GemmTile; splitDepth: number } {
  const tiles = gemmTiles(columns);
  const workgroupsOf = (t: GemmTile) => Math.ceil(rows / t.rows) * Math.ceil(columns / t.columns);
  const whole = (t: GemmTile) => ({ tile: t, splitDepth: Math.ceil(depth / t.depth) * t.depth });
  // The last tile reads as much as it multiplies: better a split depth than that.
  const economical = tiles.slice(0, -1).find((t) => workgroupsOf(t) >= FULL_GPU_WORKGROUPS);
  if (economical) return whole(economical);
  const fallback = tiles.at(-2)!;
  const splits = Math.min(
    Math.ceil((2 * FULL_GPU_WORKGROUPS) / workgroupsOf(fallback)),
    Math.floor(depth / 256),
  );
  if (splits < 2) return whole(chooseTile(rows, columns));
  return {
    tile: fallback,
    splitDepth: Math.ceil(depth / splits / fallback.depth) * fallback.depth,
  };
}
