import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { failure } from '#shared/failures/failure.ts';
import { exampleAppendage, exampleReport } from '../review/testing/exampleCase.ts';
import { MeasurePanel } from './MeasurePanel.tsx';

/** The panel's text without its elements. */
function panelText(genus: number | null): string {
  const report = exampleReport({ warnings: [failure('measure.handles', { handles: 1 })] });
  const markup = renderToStaticMarkup(
    createElement(MeasurePanel, {
      appendage: exampleAppendage(),
      report: { ...report, mesh: { ...report.mesh, genus, selfIntersections: 2 } },
      isCut: false,
      edits: [],
      isStale: false,
    }),
  );
  return markup.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

it('shows topological handles and self-intersections of the mesh, as the report does', () => {
  expect(panelText(1)).toContain('Topological handles 1 Self-intersections 2');
  expect(panelText(1)).toContain('The surface has a topological handle');
  expect(panelText(null)).toContain('Topological handles not determined');
});
