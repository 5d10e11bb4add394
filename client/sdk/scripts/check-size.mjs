/** The single file for a page's script tag, default user interface included, has to stay small. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT_BYTES = 60_000;

const file = join(import.meta.dirname, '../dist/belfry.browser.js');
const bytes = gzipSync(readFileSync(file), { level: 9 }).length;
console.log(`belfry.browser.js: ${bytes} of ${LIMIT_BYTES} bytes, gzipped`);
if (bytes > LIMIT_BYTES) process.exit(1);
const { dependencies = {} } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
if (Object.keys(dependencies).length > 0) {
  console.error('The SDK has run-time dependencies; it is to have none.');
  process.exit(1);
}
