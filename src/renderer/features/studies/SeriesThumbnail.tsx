import { useEffect, useRef } from 'react';
import type { Thumbnail } from './studiesStore.ts';

/** A middle slice in a square of fixed size; empty until it is there, and where it cannot be had. */
export function SeriesThumbnail({ thumbnail }: { readonly thumbnail: Thumbnail | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!canvas.current || !thumbnail || thumbnail === 'failed') return;
    canvas.current.width = thumbnail.width;
    canvas.current.height = thumbnail.height;
    canvas.current.getContext('2d')?.putImageData(thumbnail, 0, 0);
  }, [thumbnail]);
  return (
    <canvas
      ref={canvas}
      className="thumbnail skeleton"
      data-testid="thumbnail"
      data-ready={thumbnail !== undefined && thumbnail !== 'failed'}
    />
  );
}
