import { Circle, DraftingCompass, Lasso, type LucideIcon, MoveUpRight, Ruler } from 'lucide-react';
import type { AnnotationKind } from '#shared/contract/annotations.ts';

export const KIND_ICONS: Readonly<Record<AnnotationKind, LucideIcon>> = {
  ruler: Ruler,
  angle: DraftingCompass,
  ellipse: Circle,
  freehand: Lasso,
  text: MoveUpRight,
};
