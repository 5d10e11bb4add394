import { defineConfig } from '@playwright/test';
import config from './playwright.config.js';

/** The pictures of the README, which no test run writes: `scripts/pictures`. */
export default defineConfig(config, { testDir: './pictures', testMatch: '*.pictures.ts' });
