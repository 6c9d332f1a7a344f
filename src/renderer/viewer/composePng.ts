/** Combines a pane's layers, the last one on top and as large as the picture, into a PNG. */
export async function composePng(layers: readonly HTMLCanvasElement[]): Promise<Uint8Array<ArrayBuffer>> {
  const top = layers.at(-1)!;
  const canvas = document.createElement('canvas');
  canvas.width = top.width;
  canvas.height = top.height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw on a canvas.');
  // In the same turn as the drawing: a WebGL canvas is cleared once the browser has shown it.
  for (const layer of layers) context.drawImage(layer, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The picture could not be written.');
  return new Uint8Array(await blob.arrayBuffer());
}
