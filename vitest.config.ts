import { defineConfig } from 'vitest/config';

const servers = { fileParallelism: false, testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    globalSetup: ['test/support/probe-services.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/**/*.integration.test.ts',
            'test/e2e/**',
            'test/simulation/**',
            'test/architecture/broken/**',
          ],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: ['test/simulation/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          ...servers,
          name: 'integration',
          include: ['test/**/*.integration.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...servers,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Each file has servers of its own, and mostly waits for them.
          fileParallelism: true,
          maxWorkers: 2,
          testTimeout: 240_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
