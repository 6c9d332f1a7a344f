export type { DistantFile } from './distantFile.ts';
export { droppedFiles, filesOf, type ListFiles } from './droppedFiles.ts';
export { OpenButtons } from './OpenButtons.tsx';
export { StudyPanel } from './StudyPanel.tsx';
export { createStudies, type Studies, type StudiesEvents } from './studiesStore.ts';
export { createStudyReader } from './studyReader.ts';
export type { LoadedSeries, OpenedFile, SeriesEntry, StudyReader } from './types.ts';
