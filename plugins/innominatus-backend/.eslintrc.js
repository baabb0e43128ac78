module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // Helpers such as `expectProblem`, and `.expect(404)` of supertest, assert.
    'jest/expect-expect': [
      'error',
      { assertFunctionNames: ['expect*', '**.expect*'] },
    ],
  },
});
