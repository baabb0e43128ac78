import { defineConfig } from '@playwright/test';

// Started by "npm test", which serves the built portal and names it and the browser here.
// By hand, against "npm start": npm run exec -- playwright test
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// Chromium refuses its sandbox to root, which is who runs tests in most containers.
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'packages/app/e2e-tests',
  testMatch: '**/*.test.ts',
  outputDir: '.ci-out/browser',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // All tests share one portal and its data.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE
    ? [['list'], ['json']]
    : [['list']],
  // Named as unstable in the output when it helps.
  retries: process.env.CI_REQUIRE_ALL ? 1 : 0,
  use: {
    baseURL: process.env.PLAYWRIGHT_URL ?? 'http://localhost:7007',
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: isRoot ? [...flags, '--no-sandbox'] : flags,
    },
  },
});
