import { defineConfig } from '@playwright/test';

/** The installed Chromium, with a fake camera and microphone, able to call itself over the loopback interface. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream=fps=15',
  '--auto-select-desktop-capture-source=Entire screen',
  '--allow-loopback-in-peer-connection',
];

export default defineConfig({
  testDir: './tests',
  outputDir: './results/failures',
  reporter: [['list']],
  workers: 1,
  timeout: 180_000,
  globalTimeout: 900_000,
  expect: { timeout: 20_000 },
  use: {
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args },
    channel: undefined,
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
  },
});
