module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // A constant and the type of its values share their name: `RunStatus`.
    // TypeScript itself refuses real redeclarations.
    '@typescript-eslint/no-redeclare': 'off',
  },
});
