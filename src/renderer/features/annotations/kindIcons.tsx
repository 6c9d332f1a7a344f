import type { LucideIcon } from 'lucide-react';
import Circle from 'lucide-react/icons/circle';
import DraftingCompass from 'lucide-react/icons/drafting-compass';
import Lasso from 'lucide-react/icons/lasso';
import MoveUpRight from 'lucide-react/icons/move-up-right';
import Ruler from 'lucide-react/icons/ruler';
import type { AnnotationKind } from '#shared/contract/annotations.ts';

export const KIND_ICONS: Readonly<Record<AnnotationKind, LucideIcon>> = {
  ruler: Ruler,
  angle: DraftingCompass,
  ellipse: Circle,
  freehand: Lasso,
  text: MoveUpRight,
};
