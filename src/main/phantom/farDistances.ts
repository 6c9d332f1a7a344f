import { FAR_MM, type PhantomScene, type Shape } from './scene.ts';

/**
 * How far from its surface each shape must answer exactly, so that everything built of it is exact up to FAR_MM:
 * offsets, blends and roughness add their reach.
 */
export function farDistances(scene: PhantomScene): Map<Shape, number> {
  const shapeFar = new Map<Shape, number>();
  const nameFar = new Map<string, number>();
  const visit = (shape: Shape, far: number): void => {
    shapeFar.set(shape, Math.max(far, shapeFar.get(shape) ?? 0));
    switch (shape.kind) {
      case 'union':
      case 'intersection':
        for (const member of shape.of) visit(member, far);
        break;
      case 'smoothUnion':
      case 'smoothIntersection':
        for (const member of shape.of) visit(member, far + shape.blendMm);
        break;
      case 'complement':
        visit(shape.of, far);
        break;
      case 'offset':
        visit(shape.of, far + Math.abs(shape.growMm));
        break;
      case 'rough':
        visit(shape.of, far + Math.abs(shape.amplitudeMm));
        break;
      case 'named':
        nameFar.set(shape.name, Math.max(far, nameFar.get(shape.name) ?? FAR_MM));
        break;
      default:
    }
  };
  for (const named of [...scene.shapes].reverse()) visit(named.shape, nameFar.get(named.name) ?? FAR_MM);
  return shapeFar;
}
