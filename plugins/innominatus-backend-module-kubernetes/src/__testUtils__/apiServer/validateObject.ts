import { isDeepStrictEqual } from 'node:util';
import { childOf, resolveSchema, Schema } from './schema';
import { Cause, StatusError } from './StatusError';
import { Json } from './typedObject';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const RULES = {
  subdomain: [
    new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`),
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  ],
  label: [
    new RegExp(`^(?=.{1,63}$)${LABEL}$`),
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  ],
  service: [
    /^(?=.{1,63}$)[a-z]([-a-z0-9]*[a-z0-9])?$/,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  ],
  labelValue: [
    /^(?=.{0,63}$)(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  ],
  configKey: [
    /^(?=.{1,253}$)[-._a-zA-Z0-9]+$/,
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  ],
} satisfies Record<string, [RegExp, string]>;

const NAME_RULES: Record<string, keyof typeof RULES> = {
  Namespace: 'label',
  Service: 'service',
};
const WORKLOADS = ['Deployment', 'StatefulSet', 'Job'];

/**
 * Refuses what a server refuses of an object it can read: names, fields that
 * have to be there, and fields that cannot be changed. These are the rules that
 * what innominatus sends can break, not all that a server has.
 */
export function validateObject(
  schema: Schema,
  object: Json,
  before: Json | undefined,
): void {
  const causes = [
    ...names(object),
    ...missing(schema, object, ''),
    ...content(object),
    ...(before ? immutable(object, before) : []),
  ];
  if (causes.length === 0) {
    return;
  }
  const { apiVersion, kind, metadata } = object;
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  const said = causes.map(({ field, message }) => `${field}: ${message}`);
  throw new StatusError(
    422,
    'Invalid',
    `${kind}${group} "${metadata.name}" is invalid: ${said.length > 1 ? `[${said.join(', ')}]` : said[0]}`,
    causes,
  );
}

function names({ kind, metadata, data }: Json): Cause[] {
  const { name, labels = {} } = metadata;
  const keys = ['ConfigMap', 'Secret'].includes(kind) ? (data ?? {}) : {};
  return [
    ...check(NAME_RULES[kind] ?? 'subdomain', 'metadata.name', name),
    ...Object.values(labels).flatMap(value =>
      check('labelValue', 'metadata.labels', value),
    ),
    ...Object.keys(keys).flatMap(key =>
      check('configKey', `data[${key}]`, key),
    ),
  ];
}

function content(object: Json): Cause[] {
  const { kind, spec } = object;
  if (kind === 'Service') {
    const ports: Json[] = spec?.ports ?? [];
    return ports.length > 1
      ? ports.flatMap(({ name }, index) =>
          name ? [] : [required(`spec.ports[${index}].name`)],
        )
      : [];
  }
  return WORKLOADS.includes(kind) ? workload(object) : [];
}

function workload({ kind, spec }: Json): Cause[] {
  const { replicas, selector, template } = spec ?? {};
  const containers: Json[] = template?.spec?.containers ?? [];
  const labels = template?.metadata?.labels ?? {};
  const wanted = Object.entries(selector?.matchLabels ?? {});
  const restart = template?.spec?.restartPolicy;
  return [
    ...(replicas < 0
      ? [
          invalid(
            'spec.replicas',
            replicas,
            'must be greater than or equal to 0',
          ),
        ]
      : []),
    ...(kind === 'Job' && !['Never', 'OnFailure'].includes(restart)
      ? [required('spec.template.spec.restartPolicy')]
      : []),
    ...(kind !== 'Job' &&
    selector !== undefined &&
    !wanted.every(([name, value]) => labels[name] === value)
      ? [
          invalid(
            'spec.template.metadata.labels',
            labels,
            '`selector` does not match template `labels`',
          ),
        ]
      : []),
    ...(containers.length === 0
      ? [required('spec.template.spec.containers')]
      : []),
    ...containers.flatMap(({ name, image }, index) => {
      const path = `spec.template.spec.containers[${index}]`;
      return [
        ...(name ? check('label', `${path}.name`, name) : []),
        ...(image ? [] : [required(`${path}.image`)]),
      ];
    }),
  ];
}

function immutable(object: Json, before: Json): Cause[] {
  const { kind, spec = {}, metadata } = object;
  const frozen = (field: string, left: unknown, right: unknown): Cause[] =>
    isDeepStrictEqual(left, right)
      ? []
      : [invalid(field, left, 'field is immutable')];
  const uid = frozen('metadata.uid', metadata.uid, before.metadata.uid);
  switch (kind) {
    case 'Deployment':
      return [
        ...uid,
        ...frozen('spec.selector', spec.selector, before.spec.selector),
      ];
    case 'Job':
      return [
        ...uid,
        ...frozen('spec.template', spec.template, before.spec.template),
      ];
    case 'Secret':
      return [...uid, ...frozen('type', object.type, before.type)];
    case 'StatefulSet':
      return [...uid, ...forbidden(object, before)];
    case 'PersistentVolumeClaim':
      return isDeepStrictEqual(spec, before.spec)
        ? uid
        : [
            ...uid,
            {
              reason: 'FieldValueForbidden',
              message:
                'Forbidden: spec is immutable after creation except resources.requests for bound claims',
              field: 'spec',
            },
          ];
    case 'Service':
      return spec.clusterIP === before.spec.clusterIP
        ? uid
        : [
            ...uid,
            invalid(
              'spec.clusterIPs[0]',
              [spec.clusterIP],
              'may not change once set',
            ),
          ];
    default:
      return uid;
  }
}

/** Of a StatefulSet three fields can be changed. */
function forbidden(object: Json, before: Json): Cause[] {
  const fixed = ({ spec }: Json) => {
    const { replicas, template, updateStrategy, ...rest } = spec;
    return rest;
  };
  return isDeepStrictEqual(fixed(object), fixed(before))
    ? []
    : [
        {
          reason: 'FieldValueForbidden',
          message:
            "Forbidden: updates to statefulset spec for fields other than 'replicas', 'template', and 'updateStrategy' are forbidden",
          field: 'spec',
        },
      ];
}

/** What the schema says has to be there. */
function missing(given: Schema, value: unknown, path: string): Cause[] {
  const schema = resolveSchema(given);
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      missing(schema.items ?? {}, item, `${path}[${index}]`),
    );
  }
  const fields = value as Json;
  const place = path === '' ? '' : `${path}.`;
  return [
    ...(schema.required ?? [])
      .filter(field => [undefined, ''].includes(fields[field]))
      .map(field => required(`${place}${field}`)),
    ...Object.entries(fields).flatMap(([field, child]) =>
      path === '' && field === 'status'
        ? []
        : missing(childOf(schema, field) ?? {}, child, `${place}${field}`),
    ),
  ];
}

function check(
  rule: keyof typeof RULES,
  field: string,
  value: unknown,
): Cause[] {
  const [pattern, message] = RULES[rule];
  return pattern.test(String(value)) ? [] : [invalid(field, value, message)];
}

function invalid(field: string, value: unknown, message: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${message}`,
    field,
  };
}

function required(field: string): Cause {
  return { reason: 'FieldValueRequired', message: 'Required value', field };
}
