import { defineConfig } from 'tsdown';

/** Two builds: the module with its types, and one file for a page's script tag. */
export default defineConfig([
  { entry: ['src/index.ts'], format: 'esm', platform: 'browser', target: 'es2022', dts: true, sourcemap: true },
  {
    entry: { 'belfry.browser': 'src/browser.ts' },
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    dts: false,
    minify: true,
    clean: false,
    sourcemap: true,
    outputOptions: { entryFileNames: '[name].js' },
  },
]);
