import { JsonObject } from '../json';
import { WorkloadFile } from '../score/workload';
import { containsSecretToken } from '../workflow/secretToken';
import { compact, sortedEntries } from './compact';
import { boundedName } from './names';
import { objectHead, RenderContext } from './RenderContext';
import { shortHash } from './shortHash';
import { KubernetesObject } from './types';

/** What something that a container mounts needs in the pod. */
export interface RenderedMount {
  mount: JsonObject;
  volume?: JsonObject;
  claimTemplate?: JsonObject;
  object?: KubernetesObject;
}

/** The cluster stores no larger ConfigMap or Secret. */
const MAX_FILE_BYTES = 1024 * 1024;

const KEY = 'content';

/**
 * The files of a container. Each one is mounted by itself with `subPath`, so
 * that the directory around it keeps what the image has there.
 */
export function renderFiles(
  container: string,
  context: RenderContext,
): RenderedMount[] {
  const { files } = context.options.workload.containers[container];
  return sortedEntries(files).flatMap(([target, file]) => {
    const path = ['containers', container, 'files', target];
    const content = readContent(file, path, context);
    if (content === undefined) {
      return [];
    }
    if (byteLength(content) > MAX_FILE_BYTES) {
      context.problems.error({
        code: 'MANIFEST_FILE_TOO_LARGE',
        message: `The file "${target}" of container "${container}" has ${byteLength(content)} bytes; Kubernetes takes at most ${MAX_FILE_BYTES}.`,
        path,
        suggestions: ['Put the file into the image, or onto a volume.'],
      });
      return [];
    }
    return [renderFile({ container, target, file, content, context })];
  });
}

type Content = { text: string } | { base64: string };

function readContent(
  file: WorkloadFile,
  path: string[],
  context: RenderContext,
): Content | undefined {
  if (file.binaryContent !== undefined) {
    return { base64: file.binaryContent };
  }
  let text = file.content;
  if (text === undefined && file.source !== undefined) {
    const sources = context.options.sourceFiles ?? {};
    text = Object.hasOwn(sources, file.source)
      ? sources[file.source]
      : undefined;
  }
  if (text === undefined) {
    context.problems.error({
      code: 'MANIFEST_FILE_SOURCE',
      message: `The file "${path[3]}" of container "${path[1]}" is to be read from "${file.source}", which did not come along with the spec.`,
      path: [...path, 'source'],
      suggestions: [
        'Write the text into the spec with "content".',
        'Deploy from a place where the file lies next to the Score file.',
      ],
    });
    return undefined;
  }
  return { text: file.noExpand ? text : context.texts.text(text, path) };
}

function byteLength(content: Content): number {
  return 'text' in content
    ? new TextEncoder().encode(content.text).length
    : Math.floor((content.base64.length * 3) / 4);
}

function renderFile(options: {
  container: string;
  target: string;
  file: WorkloadFile;
  content: Content;
  context: RenderContext;
}): RenderedMount {
  const { container, target, file, content, context } = options;
  const hash = shortHash([container, target]);
  const volumeName = `file-${hash}`;
  const name = boundedName(context.options.workload.name, volumeName);
  const items: JsonObject[] = [
    compact({
      key: KEY,
      path: KEY,
      mode: file.mode === undefined ? undefined : parseInt(file.mode, 8),
    }),
  ];
  const secret = 'text' in content && containsSecretToken(content.text);
  return {
    mount: {
      name: volumeName,
      mountPath: target,
      subPath: KEY,
      readOnly: true,
    },
    volume: secret
      ? { name: volumeName, secret: { secretName: name, items } }
      : { name: volumeName, configMap: { name, items } },
    object: fileObject({ name, content, secret, context }),
  };
}

function fileObject(options: {
  name: string;
  content: Content;
  secret: boolean;
  context: RenderContext;
}): KubernetesObject {
  const { name, content, secret, context } = options;
  const kind = secret ? 'Secret' : 'ConfigMap';
  const head = objectHead({ apiVersion: 'v1', kind }, name, context);
  if (!('text' in content)) {
    return { ...head, binaryData: { [KEY]: content.base64 } };
  }
  return secret
    ? { ...head, type: 'Opaque', stringData: { [KEY]: content.text } }
    : { ...head, data: { [KEY]: content.text } };
}
