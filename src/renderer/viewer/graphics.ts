/** What the browser draws with. */
export interface Graphics {
  readonly name: string;
  /** WebGL is computed on the CPU, or not there at all. */
  readonly isSoftware: boolean;
  readonly hasWebGl2: boolean;
  readonly largestTextureSide: number;
}

/** Renderers that compute on the CPU, by their own names. */
const SOFTWARE = /swiftshader|llvmpipe|software|basic render|softpipe/i;

export const isSoftwareName = (name: string): boolean => SOFTWARE.test(name);

/** Asks a temporary canvas, whose context is released at once. */
export function probeGraphics(): Graphics {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return { name: 'no WebGL 2', isSoftware: true, hasWebGl2: false, largestTextureSide: 0 };
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const largestTextureSide = Number(gl.getParameter(gl.MAX_3D_TEXTURE_SIZE));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { name, isSoftware: isSoftwareName(name), hasWebGl2: true, largestTextureSide };
}

/**
 * A canvas to draw on. Where the GPU is emulated in software, 2D drawing through it is far slower than the browser's
 * own drawing on the CPU, which "will read frequently" asks for.
 */
export function drawingContext(
  canvas: HTMLCanvasElement,
  { isSoftware }: Graphics,
  isOpaque = false,
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: isSoftware, alpha: !isOpaque });
  if (!context) throw new Error('This browser cannot draw on a canvas.');
  return context;
}
