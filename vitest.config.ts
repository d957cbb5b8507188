import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Node and the packages that use graphql load this file of it; a second copy would be another
  // realm, whose types the first does not know.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // Nothing of ours keeps state in a module, and loading the embedded database takes a second.
    isolate: false,
    // Many files wait for processes and clocks more than they compute.
    maxWorkers: '100%',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/databases-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
