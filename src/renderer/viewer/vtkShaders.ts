/**
 * A plugin for Vite that makes vtk.js's shaders importable: vtk.js's sources import `.glsl` files as strings, which
 * bundlers do not know by themselves. The renderer cannot be built without it.
 */
export const vtkShaders = () => ({
  name: 'vtk-shaders',
  transform: {
    // By a filter, so that the bundler hands over no other of its thousands of modules.
    filter: { id: /\.glsl$/ },
    handler: (code: string) => ({
      code: `export default ${JSON.stringify(code)};`,
      map: null,
      moduleType: 'js' as const,
    }),
  },
});
