import { defineConfig } from '@playwright/test';
import config from './playwright.config.js';

/** Measurements, which no test run makes. */
export default defineConfig(config, { testDir: './bench', testMatch: '*.bench.ts', globalTimeout: 0 });
