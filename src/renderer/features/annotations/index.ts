export { AnnotationPanel } from './AnnotationPanel.tsx';
export {
  type AnnotationStep,
  type Annotations,
  type AnnotationsState,
  createAnnotations,
} from './annotationStore.ts';
export { KIND_ICONS } from './kindIcons.tsx';
