import { defineConfig } from 'vite';

/** Serves the lab: the call UI on a fake engine. */
export default defineConfig({
  root: import.meta.dirname + '/lab',
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  server: { host: '127.0.0.1' },
  cacheDir: import.meta.dirname + '/results/.vite',
  logLevel: 'warn',
});
