export { downloadFile } from './downloads.ts';
export { ExportDialog } from './ExportDialog.tsx';
export { DICOM_CHOICES } from './exportOptions.ts';
export { createExporting, type ExportedCase, type Exporting } from './exportStore.ts';
