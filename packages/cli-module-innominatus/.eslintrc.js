module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // The compiler reports real redeclarations; a constant and its type may share a name.
    '@typescript-eslint/no-redeclare': 'off',
  },
});
