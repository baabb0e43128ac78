import { stringify } from 'yaml';
import { Diagnostic, hasErrors, sortDiagnostics } from '../diagnostics';
import { JsonObject } from '../json';
import { checkContainers } from './checkContainers';
import { checkPlaceholders } from './checkPlaceholders';
import { checkResources } from './checkResources';
import { checkSchema } from './checkSchema';
import { detectDialect } from './detectDialect';
import { takeExtensions } from './extensions';
import { FileSource, withFileSources } from './fileSources';
import { inspectJson } from './inspectJson';
import { isJsonMap } from './isJsonMap';
import { DEFAULT_YAML_LIMITS } from './limits';
import {
  applyOverrideProperty,
  mergeOverrides,
  OverrideError,
} from './overrides';
import { readYaml, ReadYamlResult } from './readYaml';
import { ScoreReporter } from './ScoreProblem';
import { toWorkload } from './toWorkload';
import { upgradeScore } from './upgradeScore';
import { ScoreDocument, Workload } from './workload';

/**
 * Options of {@link readScore}.
 *
 * @public
 */
export interface ReadScoreOptions {
  /** Name of the file for diagnostics. */
  file?: string;
  /** Merged into the document before anything is checked: a map, or YAML text of one. */
  overrides?: unknown;
  /** Assignments such as `containers.main.image=nginx:1.27`, applied after `overrides`. */
  overrideProperties?: readonly string[];
  /** Stands in for every image `.`. */
  image?: string;
  /** What the files hold that are named under `files.*.source`, by path as written. */
  sources?: Record<string, FileSource>;
  /**
   * What a spec that cannot be deployed as it stands means. `true`: an image
   * `.` and an unknown name under `before` are errors, for use right before a
   * deployment. `false`: they are warnings, for editors and catalogs. Default:
   * warnings, but an error when no container has an image.
   */
  deployable?: boolean;
  /** Reads what Score removed (`read_only`, content as a list of lines) with a warning instead of an error. Default false. */
  acceptRemoved?: boolean;
  /** Size of the text in UTF-8. Default 1 MiB. */
  maxBytes?: number;
}

/**
 * What {@link readScore} found.
 *
 * @public
 */
export interface ScoreReadResult {
  /** There are no errors. */
  valid: boolean;
  /** Errors first, then by place. */
  diagnostics: Diagnostic[];
  /** Set when valid. */
  workload?: Workload;
  /** The document after overrides and upgrades, extensions taken out; set when valid. */
  document?: ScoreDocument;
}

/**
 * Reads a Score spec from a text nobody vouches for: YAML, overrides,
 * deprecated forms, schema, then meaning. Never throws and never reads files.
 *
 * @public
 */
export function readScore(
  text: string,
  options: ReadScoreOptions = {},
): ScoreReadResult {
  const limits =
    options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes };
  const yaml = readYaml(text, { file: options.file, limits });
  const reporter = new ScoreReporter(yaml.sourceMap);
  const found = readDocument(yaml, reporter, options);
  const diagnostics = sortDiagnostics([
    ...yaml.diagnostics,
    ...reporter.diagnostics,
  ]);
  return found === undefined || hasErrors(diagnostics)
    ? { valid: false, diagnostics }
    : { valid: true, diagnostics, ...found };
}

/**
 * Reads a Score spec that was parsed before, for example `spec.score` of a
 * catalog entity. Lines and columns are those of the spec as YAML.
 *
 * @public
 */
export function readScoreObject(
  value: unknown,
  options: ReadScoreOptions = {},
): ScoreReadResult {
  const problem = inspectJson(value, {
    ...DEFAULT_YAML_LIMITS,
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  });
  if (problem) {
    const diagnostic: Diagnostic = {
      severity: 'error',
      ...problem,
      line: 1,
      column: 1,
      ...(options.file === undefined ? {} : { file: options.file }),
    };
    return { valid: false, diagnostics: [diagnostic] };
  }
  return readScore(
    stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 }),
    options,
  );
}

const MAX_ASSIGNMENTS = 200;

function readDocument(
  yaml: ReadYamlResult,
  reporter: ScoreReporter,
  options: ReadScoreOptions,
): { workload: Workload; document: ScoreDocument } | undefined {
  const written = asScore(yaml, reporter);
  const overridden = written && applyOverrides(written, reporter, options);
  if (overridden === undefined) {
    return undefined;
  }
  const upgraded = upgrade(overridden, reporter, options);
  const { document, extensions } = takeExtensions(upgraded, reporter);
  const checked = checkSchema(document, reporter);
  if (checked === undefined) {
    return undefined;
  }
  const imaged = withImage(checked, options.image);
  const final = options.sources
    ? withFileSources(imaged, options.sources)
    : imaged;
  const workload = toWorkload(final, extensions);
  checkPlaceholders(final, reporter);
  // As written: the paths of files that came along count, too.
  checkContainers(imaged, {
    reporter,
    deployable: options.deployable,
    sources: options.sources,
  });
  checkResources(workload, reporter);
  return { workload, document: final };
}

function asScore(
  yaml: ReadYamlResult,
  reporter: ScoreReporter,
): JsonObject | undefined {
  if (yaml.empty || yaml.value === null) {
    reporter.add({
      code: 'SCORE_EMPTY',
      message: 'There is no Score spec; the text is empty.',
      pointer: '',
      suggestions: [
        'Start with apiVersion: score.dev/v1b1, metadata and containers.',
      ],
    });
    return undefined;
  }
  const { value } = yaml;
  if (value === undefined) {
    return undefined;
  }
  if (!isJsonMap(value)) {
    reporter.add({
      code: 'SCORE_NOT_A_MAP',
      message: `A Score spec is a map, but this is ${
        Array.isArray(value) ? 'a list' : 'a single value'
      }.`,
      pointer: '',
      suggestions: [
        'Start with apiVersion: score.dev/v1b1, metadata and containers.',
      ],
    });
    return undefined;
  }
  const dialect = detectDialect(value);
  if (dialect) {
    reporter.add({
      code: 'SCORE_OTHER_FORMAT',
      message: `This looks like ${dialect.name}, not like a Score spec.`,
      pointer: '',
      suggestions: [dialect.hint],
    });
    return undefined;
  }
  return value;
}

function applyOverrides(
  document: JsonObject,
  reporter: ScoreReporter,
  options: ReadScoreOptions,
): JsonObject | undefined {
  try {
    const overrides = readOverrides(options.overrides);
    const assignments = options.overrideProperties ?? [];
    if (assignments.length > MAX_ASSIGNMENTS) {
      throw new OverrideError(
        `there are more than ${MAX_ASSIGNMENTS} assignments`,
      );
    }
    return assignments.reduce<JsonObject>(
      (current, assignment) => applyOverrideProperty(current, assignment),
      overrides ? mergeOverrides(document, overrides) : document,
    );
  } catch (error) {
    if (!(error instanceof OverrideError)) {
      throw error;
    }
    reporter.add({
      code: 'SCORE_OVERRIDE',
      message: `An override cannot be applied: ${error.message}`,
      pointer: '',
      suggestions: ['Check the path of the override against the spec.'],
    });
    return undefined;
  }
}

function readOverrides(overrides: unknown): JsonObject | undefined {
  if (overrides === undefined) {
    return undefined;
  }
  const problem = inspectJson(overrides, DEFAULT_YAML_LIMITS);
  if (problem) {
    throw new OverrideError(problem.message);
  }
  const yaml =
    typeof overrides === 'string'
      ? readYaml(overrides)
      : readYaml(stringify(overrides, { aliasDuplicateObjects: false }));
  const error = yaml.diagnostics.find(({ severity }) => severity === 'error');
  if (error) {
    throw new OverrideError(error.message);
  }
  if (yaml.empty) {
    return undefined;
  }
  if (!isJsonMap(yaml.value)) {
    throw new OverrideError('the overrides have to be a map');
  }
  return yaml.value;
}

function upgrade(
  document: JsonObject,
  reporter: ScoreReporter,
  options: ReadScoreOptions,
): JsonObject {
  const upgraded = upgradeScore(document);
  for (const change of upgraded.changes) {
    const warns = change.kind === 'deprecated' || options.acceptRemoved;
    reporter.add({
      severity: warns ? 'warning' : 'error',
      code: change.kind === 'deprecated' ? 'SCORE_DEPRECATED' : 'SCORE_REMOVED',
      message: change.message,
      pointer: change.pointer,
      at: { key: change.pointer },
      suggestions: [change.suggestion],
    });
  }
  for (const { suggestion, ...problem } of upgraded.problems) {
    reporter.add({ ...problem, suggestions: [suggestion] });
  }
  // Only now: the changes above speak of places as they were written.
  for (const { now, written } of upgraded.moves) {
    reporter.addMove(now, written);
  }
  return upgraded.document;
}

function withImage(
  document: ScoreDocument,
  image: string | undefined,
): ScoreDocument {
  if (image === undefined) {
    return document;
  }
  return {
    ...document,
    containers: Object.fromEntries(
      Object.entries(document.containers).map(([name, container]) => [
        name,
        container.image === '.' ? { ...container, image } : container,
      ]),
    ),
  };
}
