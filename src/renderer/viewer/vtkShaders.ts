/**
 * A plugin for Vite that makes vtk.js's shaders importable: vtk.js's sources import `.glsl` files as strings, which
 * bundlers do not know by themselves. The renderer cannot be built without it.
 */
export const vtkShaders = () => ({
  name: 'vtk-shaders',
  transform: (code: string, id: string) =>
    id.endsWith('.glsl')
      ? { code: `export default ${JSON.stringify(code)};`, map: null, moduleType: 'js' as const }
      : null,
});
