/** vtk.js types its readers but not this writer. */
declare module 'vtk.js/Sources/IO/XML/XMLPolyDataWriter' {
  import type { vtkPolyData } from 'vtk.js/Sources/Common/DataModel/PolyData';

  const vtkXMLPolyDataWriter: {
    newInstance(): { write(polyData: vtkPolyData): string };
  };
  export default vtkXMLPolyDataWriter;
}
