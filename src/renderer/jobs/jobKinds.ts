/** The kinds of long work, with what the status bar calls them. */
export const JOB_TITLES = {
  readFiles: 'Reading the files',
  loadSeries: 'Loading the series',
  fetchSeries: 'Fetching from the server',
  sendResults: 'Sending to the server',
  sample: 'Preparing the sample study',
  findRegion: 'Finding the appendage',
  segment: 'Segmenting the appendage',
  readPhases: 'Reading the phases',
  segmentPhases: 'Segmenting all phases',
  export: 'Exporting',
  restoreSession: 'Restoring the saved work',
  removeSession: 'Removing the saved work',
} as const;

export type JobKind = keyof typeof JOB_TITLES;
