import {
  Diagnostic,
  GenerateInput,
  GenerateOptions,
  JsonObject,
  formatDiagnostics,
  generateManifests,
  hasErrors,
  toDiagnosticsReport,
  toYaml,
} from '@innominatus/backstage-plugin-innominatus-common';
import { CommandContext } from '../framework/context';
import { UsageError } from '../framework/errors';
import { count } from '../output/text';
import { readFileSources } from './readFileSources';
import { readMapText } from './readWorkload';
import { readTextFile } from './scoreFile';
import { writeWhole } from './writeWhole';

/** The command line of `generate`, read. */
export interface GenerateCall {
  files: readonly string[];
  /** `-` is stdout. */
  output: string;
  format: 'yaml' | 'json';
  image?: string;
  overridesFile?: string;
  overrideProperties: readonly string[];
  outputsFile?: string;
  namespace?: string;
  generateNamespace: boolean;
  environment?: string;
  findings: 'text' | 'simple' | 'json';
}

/** Writes the manifests of Score files, all of them or nothing. */
export async function generate(
  context: CommandContext,
  call: GenerateCall,
): Promise<boolean> {
  const options = await readOptions(context, call);
  const { valid, diagnostics, manifests } = generateManifests(options);
  showFindings(context, diagnostics, { ...call, valid });
  if (!valid) {
    return false;
  }
  const text =
    call.format === 'json'
      ? `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }, undefined, 2)}\n`
      : toYaml(manifests);
  if (call.output === '-') {
    context.out.write(text);
  } else {
    await writeWhole(call.output, text);
    context.talk.say(
      `Wrote ${count(manifests.length, 'object')} to ${call.output}.`,
    );
  }
  return true;
}

async function readOptions(
  context: CommandContext,
  call: GenerateCall,
): Promise<GenerateOptions> {
  const { files, overridesFile, outputsFile } = call;
  if (new Set(files).size < files.length) {
    throw new UsageError('A Score file is named twice.');
  }
  const readMap = async (
    path: string | undefined,
    what: { title: string; example: string },
  ): Promise<JsonObject | undefined> => {
    if (path === undefined) {
      return undefined;
    }
    const { text, file } = await readTextFile(context, path);
    return readMapText(text, { file, ...what });
  };
  const shared = {
    image: call.image,
    overrides: await readMap(overridesFile, {
      title: 'overrides',
      example: 'containers: {main: {image: nginx}}',
    }),
    overrideProperties: call.overrideProperties,
  };
  const specs: GenerateInput[] = [];
  for (const file of files) {
    const { text: score } = await readTextFile(context, file);
    const sources = await readFileSources({ text: score, file, ...shared });
    specs.push({ score, file, sources });
  }
  return {
    ...shared,
    specs,
    environment: call.environment,
    namespace: call.namespace,
    generateNamespace: call.generateNamespace,
    outputs: await readMap(outputsFile, {
      title: 'outputs',
      example: 'db: {host: db.example}',
    }),
  };
}

function showFindings(
  context: CommandContext,
  diagnostics: Diagnostic[],
  options: Pick<GenerateCall, 'findings' | 'files'> & { valid: boolean },
): void {
  const { findings, files } = options;
  if (findings === 'json') {
    context.talk.always(
      JSON.stringify(report(diagnostics, files), undefined, 2),
    );
    return;
  }
  // Notes are for `validate`; here they would only hide what matters.
  const shown = diagnostics.filter(({ severity }) => severity !== 'info');
  for (const file of new Set(shown.map(item => item.file ?? files[0]))) {
    const text = formatDiagnostics(
      shown.filter(item => (item.file ?? files[0]) === file),
      { format: findings, file, color: context.talk.hasColors },
    );
    if (hasErrors(shown)) {
      context.talk.always(text);
    } else {
      context.talk.say(text);
    }
  }
}

/** The report of `validate`, each finding with its file. */
function report(diagnostics: Diagnostic[], files: readonly string[]): unknown {
  const { issues, ...rest } = toDiagnosticsReport(diagnostics, files[0]);
  return {
    ...rest,
    issues: issues.map((issue, i) => ({
      file: diagnostics[i].file ?? files[0],
      ...issue,
    })),
  };
}
