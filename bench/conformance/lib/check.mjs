import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { checkAlways } from './always.mjs';
import {
  containerOf,
  environmentOf,
  expand,
  fileAt,
  find,
  podOf,
  roleOf,
  startsBefore,
} from './pod.mjs';

/** Holds what a command did against a case; answers what is wrong. */
export function check(one, first, second) {
  const { expect } = one;
  if (expect.fails) {
    return checkFailure(expect.fails, first);
  }
  if (first.code !== 0) {
    return [`exit code ${first.code}: ${firstLine(first.stderr)}`];
  }
  if (first.stdout !== second.stdout) {
    return ['two calls print different bytes'];
  }
  const manifests = parseAllDocuments(first.stdout, { version: '1.1' })
    .map(document => document.toJS())
    .filter(item => item !== null && item !== undefined);
  return [
    ...checkAlways(manifests),
    ...(expect.assert ?? []).flatMap(assertion =>
      checkAssertion(assertion, manifests, expect),
    ),
  ];
}

function firstLine(text) {
  return text.trim().split('\n')[0] ?? '';
}

function checkFailure(expected, { code, stdout, stderr }) {
  const wrong = [];
  if (code === 0) {
    wrong.push('it is accepted');
  }
  if (stdout.trim() !== '') {
    wrong.push('it prints manifests all the same');
  }
  const lines = (Array.isArray(expected) ? expected : []).map(
    item => item.line,
  );
  if (code !== 0 && lines.length > 0) {
    const found = diagnosticsIn(stderr);
    if (!found) {
      wrong.push('its findings are no JSON with places');
    } else {
      for (const { line, code: wanted } of expected) {
        const match = found.some(
          item =>
            item.severity === 'error' &&
            item.line === line &&
            (wanted === undefined ||
              item.code === undefined ||
              item.code === wanted),
        );
        if (!match) {
          wrong.push(
            `no error at line ${line}${wanted ? ` (${wanted})` : ''}, but at ${found.map(item => item.line).join(', ') || 'none'}`,
          );
        }
      }
    }
  }
  return wrong;
}

function diagnosticsIn(stderr) {
  try {
    const { issues } = JSON.parse(stderr);
    return Array.isArray(issues) ? issues : undefined;
  } catch {
    return undefined;
  }
}

function checkAssertion(assertion, manifests, { workload = 'app' }) {
  const pod = podOf(manifests, assertion.workload ?? workload);
  const { actual, label } = look(assertion, { manifests, pod });
  if ('absent' in assertion) {
    return (actual === undefined) === assertion.absent
      ? []
      : [`${label} is ${assertion.absent ? 'there' : 'missing'}`];
  }
  if ('contains' in assertion) {
    return JSON.stringify(actual ?? null).includes(assertion.contains)
      ? []
      : [`${label} is ${show(actual)}, without "${assertion.contains}"`];
  }
  if ('lacks' in assertion) {
    return JSON.stringify(actual ?? null).includes(assertion.lacks)
      ? [`${label} holds "${assertion.lacks}"`]
      : [];
  }
  return isDeepStrictEqual(actual, assertion.is)
    ? []
    : [`${label} is ${show(actual)}, expected ${show(assertion.is)}`];
}

function look(assertion, { manifests, pod }) {
  const { container: name, kind } = assertion;
  const container = name === undefined ? undefined : containerOf(pod, name);
  if ('variable' in assertion) {
    return {
      actual: environmentOf(manifests, container)[assertion.variable],
      label: `the variable "${assertion.variable}"`,
    };
  }
  if ('file' in assertion) {
    const found = fileAt(manifests, pod, container, assertion.file);
    return {
      actual: found?.[assertion.property ?? 'content'],
      label: `the ${assertion.property ?? 'content'} of "${assertion.file}"`,
    };
  }
  if ('words' in assertion) {
    const env = environmentOf(manifests, container);
    return {
      actual: container?.[assertion.words]?.map(word => expand(word, env)),
      label: `"${assertion.words}" of "${name}"`,
    };
  }
  if ('starts' in assertion) {
    const [first, second] = assertion.starts;
    return {
      actual: startsBefore(pod, first, second),
      label: `that "${first}" starts before "${second}"`,
    };
  }
  if ('role' in assertion) {
    return {
      actual: roleOf(pod, assertion.role),
      label: `the role of "${assertion.role}"`,
    };
  }
  if ('kinds' in assertion) {
    return {
      actual: manifests.filter(item => item.kind === assertion.kinds).length,
      label: `the number of ${assertion.kinds} objects`,
    };
  }
  if ('everything' in assertion) {
    const others = manifests.filter(item => item.kind !== 'Secret');
    return {
      actual: assertion.everything === 'but secrets' ? others : manifests,
      label: 'the output',
    };
  }
  if ('namespaces' in assertion) {
    return {
      actual: [...new Set(manifests.map(item => item.metadata.namespace))],
      label: 'the namespaces',
    };
  }
  const root =
    name === undefined ? find(manifests, kind, assertion.name) : container;
  return {
    actual: at(root, assertion.path ?? ''),
    label: `${assertion.path ?? 'it'} of ${kind ?? name}`,
  };
}

/** `spec.ports[0].port`, `spec.ports[name=www].port`, `annotations["a.b"]` */
function at(root, path) {
  const keys = path.matchAll(
    /\["([^"]*)"\]|\[(\w+)=([^\]]*)\]|\[(\d+)\]|([^.[\]]+)/g,
  );
  let current = root;
  for (const [, quoted, key, value, index, plain] of keys) {
    current =
      key === undefined
        ? current?.[quoted ?? index ?? plain]
        : current?.find?.(item => String(item[key]) === value);
  }
  return current;
}

function show(value) {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
