import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The page is packed into the server and served at `/`; `npm run dev` asks a server on its default port. */
export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  server: { proxy: { '/v1': { target: 'http://127.0.0.1:8080', ws: true } } },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
});
