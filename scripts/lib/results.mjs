import fs from 'node:fs';
import path from 'node:path';
import { say } from './log.mjs';
import { reportDir, root } from './paths.mjs';

function readReport(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function addProblem(result, text) {
  result.failed += 1;
  result.problems.push(text);
}

/** Counts in jest's JSON report; a suite that could not run counts as one failed test. */
export function jestResult(file, exitCode) {
  const report = readReport(file);
  const result = {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    problems: [],
  };
  for (const suite of report?.testResults ?? []) {
    const tests = suite.assertionResults ?? [];
    const name = path.relative(root, suite.name);
    if (suite.status === 'failed' && tests.every(t => t.status !== 'failed')) {
      addProblem(result, `the test file "${name}" could not run`);
    }
    for (const test of tests.filter(t => t.status === 'failed')) {
      result.problems.push(`${test.fullName} (${name})`);
    }
  }
  if (!report) addProblem(result, 'jest ended without a report');
  else if (exitCode !== 0 && result.failed === 0) {
    addProblem(result, `jest ended with exit code ${exitCode}`);
  }
  return result;
}

/** The test files in jest's JSON report that failed, relative to the root. */
export function failedTestFiles(file) {
  return (readReport(file)?.testResults ?? [])
    .filter(suite => suite.status === 'failed')
    .map(suite => path.relative(root, suite.name));
}

/** Takes from a second run of some files what they say, and from the first the rest. */
export function withSecondRun(firstFile, secondFile, exitCode) {
  const first = readReport(firstFile);
  const second = jestResult(secondFile, exitCode);
  const rest = first.testResults.filter(suite => suite.status !== 'failed');
  const count = status =>
    rest
      .flatMap(suite => suite.assertionResults ?? [])
      .filter(test => test.status === status).length;
  return {
    passed: count('passed') + second.passed,
    failed: second.failed,
    skipped: count('pending') + count('todo') + second.skipped,
    problems: second.problems,
  };
}

function* specsOf(suite) {
  yield* suite.specs ?? [];
  for (const inner of suite.suites ?? []) yield* specsOf(inner);
}

/** Counts in Playwright's JSON report; errors outside of any test count as one failed test each. */
export function browserResult(file, exitCode) {
  const report = readReport(file);
  const stats = report?.stats ?? {};
  const result = {
    // What passed at the second try counts; who looks at the run is told.
    passed: (stats.expected ?? 0) + (stats.flaky ?? 0),
    failed: stats.unexpected ?? 0,
    skipped: stats.skipped ?? 0,
    problems: [],
  };
  for (const spec of (report?.suites ?? []).flatMap(s => [...specsOf(s)])) {
    if (!spec.ok) result.problems.push(`${spec.title} (${spec.file})`);
    else if (spec.tests.some(test => test.status === 'flaky')) {
      say(`unstable: ${spec.title} (${spec.file}) passed at the second try`);
    }
  }
  for (const error of report?.errors ?? []) {
    addProblem(result, error.message ?? 'an error outside of any browser test');
  }
  if (!report) addProblem(result, 'the browser tests ended without a report');
  else if (exitCode !== 0 && result.failed === 0) {
    addProblem(result, `Playwright ended with exit code ${exitCode}`);
  }
  return result;
}

/** Sums results up, and turns what was skipped into failures where nothing may be skipped. */
export function sumUp(results, { nothingSkipped }) {
  const total = { passed: 0, failed: 0, skipped: 0, problems: [] };
  for (const result of results) {
    for (const key of ['passed', 'failed', 'skipped']) {
      total[key] += result[key];
    }
    total.problems.push(...result.problems);
  }
  if (nothingSkipped && total.skipped > 0) {
    total.failed += total.skipped;
    total.problems.push(`${total.skipped} skipped, and nothing may be skipped`);
  }
  return total;
}

/** Leaves the sum for .ci/run. */
export function writeSummary(total) {
  fs.mkdirSync(reportDir, { recursive: true });
  fs.writeFileSync(
    path.join(reportDir, 'summary.json'),
    `${JSON.stringify(total, undefined, 2)}\n`,
  );
}
