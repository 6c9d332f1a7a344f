export { downloadFile } from './downloads.ts';
export { ExportDialog } from './ExportDialog.tsx';
export { createExporting, type Exporting } from './exportStore.ts';
