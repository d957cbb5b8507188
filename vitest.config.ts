import { defineConfig } from 'vitest/config'

// Node and the packages that use graphql load this file of it; a second copy would be another
// realm, whose types the first does not know.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }

const test = {
  // Nothing of ours keeps state in a module, and loading the embedded database takes a second.
  isolate: false,
  testTimeout: 30_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    // Many files wait for processes and clocks more than they compute.
    maxWorkers: '100%',
    globalSetup: ['test/support/databases-setup.ts'],
    projects: [
      {
        resolve,
        test: {
          ...test,
          name: 'all',
          include: ['test/**/*.test.ts'],
          provide: { graphqlCompiler: 'on' },
        },
      },
      {
        // What is compiled answers as the interpreter does: the same tests hold for both.
        resolve,
        test: {
          ...test,
          name: 'interpreted',
          include: ['test/graphql/**/*.test.ts'],
          provide: { graphqlCompiler: 'off' },
        },
      },
    ],
  },
})
