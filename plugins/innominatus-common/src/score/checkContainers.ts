import { joinJsonPointer, nearestNames, toJsonPointer } from '../diagnostics';
import { FileSource, fileSourceProblem } from './fileSources';
import { topologicalLevels } from './graph';
import { ScoreReporter } from './ScoreProblem';
import { ScoreContainer, ScoreDocument } from './workload';

const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Checks what the schema cannot say about containers: their images, files and
 * order. `deployable` turns what only stops a deployment into errors (true)
 * or warnings (false); see `ReadScoreOptions`.
 */
export function checkContainers(
  document: ScoreDocument,
  options: {
    reporter: ScoreReporter;
    deployable?: boolean;
    sources?: Record<string, FileSource>;
  },
): void {
  checkImages(document, options);
  checkBefore(document, options);
  for (const [name, container] of Object.entries(document.containers)) {
    checkFiles(container, toJsonPointer(['containers', name]), options);
  }
}

function checkImages(
  document: ScoreDocument,
  options: { reporter: ScoreReporter; deployable?: boolean },
): void {
  const { reporter } = options;
  const containers = Object.entries(document.containers);
  const nothingRuns = containers.every(([, { image }]) => image === '.');
  const stops = options.deployable ?? nothingRuns;
  for (const [name, { image }] of containers) {
    const pointer = toJsonPointer(['containers', name, 'image']);
    if (image === '.') {
      reporter.add({
        severity: stops ? 'error' : 'warning',
        code: 'SCORE_IMAGE_MISSING',
        message: `container has no image and --image was not provided: "${name}" has the image ".", which stands for one given at deploy`,
        pointer,
        suggestions: [
          `Override "containers.${name}.image" when deploying.`,
          'Write the image, for example image: ghcr.io/acme/shop:1.4.2.',
        ],
      });
    } else if (/:latest$/.test(image)) {
      reporter.add({
        severity: 'warning',
        code: 'SCORE_IMAGE_LATEST',
        message: `The image "${image}" of container "${name}" has the tag "latest", so what runs can change without a deployment.`,
        pointer,
        suggestions: ['Name a version, for example a tag or a digest.'],
      });
    }
  }
}

function checkBefore(
  document: ScoreDocument,
  options: { reporter: ScoreReporter; deployable?: boolean },
): void {
  const { reporter, deployable } = options;
  const names = Object.keys(document.containers);
  const graph: Record<string, string[]> = {};
  for (const [name, { before }] of Object.entries(document.containers)) {
    graph[name] = [];
    for (const other of Object.keys(before ?? {})) {
      const pointer = toJsonPointer(['containers', name, 'before', other]);
      if (other === name) {
        reporter.add({
          code: 'SCORE_BEFORE_SELF',
          message: `The container "${name}" cannot start before itself.`,
          pointer,
          at: { key: pointer },
          suggestions: [`Delete "before.${other}", or name another container.`],
        });
      } else if (!Object.hasOwn(document.containers, other)) {
        reporter.add({
          severity: deployable === true ? 'error' : 'warning',
          code: 'SCORE_BEFORE_UNKNOWN',
          message: `The container "${name}" is to start before "${other}", but there is no container of that name.`,
          pointer,
          at: { key: pointer },
          suggestions: () => [
            ...nearestNames(other, names).map(near => `Use "${near}".`),
            `Add the container "${other}", or delete "before.${other}".`,
          ],
        });
      } else {
        graph[name].push(other);
      }
    }
  }
  const { cycle } = topologicalLevels(graph);
  if (cycle) {
    const pointer = toJsonPointer(['containers', cycle[0], 'before', cycle[1]]);
    reporter.add({
      code: 'SCORE_BEFORE_CYCLE',
      message: `containers before relationships contain a cycle: ${cycle.join(' → ')}`,
      pointer,
      at: { key: pointer },
      suggestions: ['Delete one "before" of the cycle.'],
    });
  }
}

function readProblem(
  source: string,
  sources: Record<string, FileSource>,
): string | undefined {
  const found = Object.hasOwn(sources, source) ? sources[source] : undefined;
  return found && 'problem' in found ? found.problem : undefined;
}

function checkFiles(
  container: ScoreContainer,
  path: string,
  options: { reporter: ScoreReporter; sources?: Record<string, FileSource> },
): void {
  const { reporter, sources = {} } = options;
  for (const [target, file] of Object.entries(container.files ?? {})) {
    const pointer = joinJsonPointer(path, 'files', target);
    const problem =
      file.source === undefined
        ? undefined
        : (fileSourceProblem(file.source) ?? readProblem(file.source, sources));
    if (problem !== undefined) {
      reporter.add({
        code: 'SCORE_FILE_SOURCE',
        message: problem,
        pointer: joinJsonPointer(pointer, 'source'),
        suggestions: [
          'Move the file next to the Score spec and name it from there.',
          'Write the text under "content" instead.',
        ],
      });
    }
    if (file.binaryContent !== undefined && !isBase64(file.binaryContent)) {
      reporter.add({
        code: 'SCORE_FILE_BASE64',
        message: `The "binaryContent" of "${target}" is not standard base64.`,
        pointer: joinJsonPointer(pointer, 'binaryContent'),
        suggestions: [
          'Encode the file with: base64 -w0 FILE.',
          'Use "content" if the file is text.',
        ],
      });
    }
  }
}

// Line breaks are allowed, as in the decoder of the reference implementation.
function isBase64(text: string): boolean {
  return BASE64.test(text.replace(/[\r\n]/g, ''));
}

// Windows spellings count too: nobody knows where a spec will be read.
