import { z } from 'zod';
import { JsonValue } from '../json';

const LABEL = /^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/;
const TYPE_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/;
const RESOURCE_ID =
  /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/;
const ANNOTATION =
  /^(([a-z0-9][a-z0-9-]{0,61}[a-z0-9])(\.[a-z0-9][a-z0-9-]{0,61}[a-z0-9])*\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,61}[A-Za-z0-9]$/;
const MEMORY = /^(0\.\d+|[1-9]\d*(\.\d+)?)(K|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
const CPU = /^\d+(?:m|\.\d+)?$/;
const FILE_MODE = /^0?[0-7]{3}$/;
const HEADER_NAME = /^[A-Za-z0-9_-]+$/;
const VARIABLE_NAME = /^[^=]+$/;

// The texts complete the sentence "… has to be".
const LABEL_RULE =
  '2 to 63 characters of a-z, 0-9 and "-", the first and the last a letter or digit';
const TYPE_RULE =
  '2 to 63 characters of letters, digits and "-", the first and the last a letter or digit';

const label = z.string().regex(LABEL, LABEL_RULE).min(2).max(63);
const typeName = z.string().regex(TYPE_NAME, TYPE_RULE).min(2).max(63);

const json: z.ZodType<JsonValue> = z.json() as z.ZodType<JsonValue>;

const annotations = z.record(
  z
    .string()
    .regex(
      ANNOTATION,
      'letters, digits, ".", "_" and "-", with an optional host name and "/" before it',
    )
    .min(2)
    .max(316),
  z.string(),
);

const portNumber = z.number().int().min(1).max(65535);

const servicePort = z
  .strictObject({
    port: portNumber.describe('The public service port.'),
    protocol: z
      .enum(['TCP', 'UDP'])
      .optional()
      .describe('The transport level protocol. Defaults to TCP.'),
    targetPort: portNumber
      .optional()
      .describe("The internal service port. Defaults to 'port'."),
  })
  .describe('The network port description.');

const computeResources = z.strictObject({
  memory: z
    .string()
    .regex(MEMORY, 'an amount such as "128M" or "1.5Gi"')
    .optional()
    .describe('Memory in bytes with an optional unit, for example 1.5Gi.'),
  cpu: z
    .string()
    .regex(CPU, 'an amount such as "2", "0.25" or "250m"')
    .optional()
    .describe('Whole or fractional CPUs; "m" is a thousandth.'),
});

const CONTENT_KEYS = ['content', 'binaryContent', 'source'] as const;

const containerFile = z
  .strictObject({
    mode: z
      .string()
      .regex(FILE_MODE, 'an octal number such as "0644"')
      .optional()
      .describe('The file access mode in octal, for example "0600".'),
    source: z
      .string()
      .min(1)
      .optional()
      .describe('Path of the content, relative to the Score file.'),
    content: z.string().optional().describe('The content of the file.'),
    binaryContent: z
      .string()
      .optional()
      .describe('The content in standard base64; placeholders stay.'),
    noExpand: z
      .boolean()
      .optional()
      .describe('Leaves placeholders in the content as they are.'),
  })
  .superRefine((file, context) => {
    const given = CONTENT_KEYS.filter(key => file[key] !== undefined);
    if (given.length !== 1) {
      context.addIssue({
        code: 'custom',
        message: 'file-content',
        params: { given },
      });
    }
  })
  .meta({ oneOf: CONTENT_KEYS.map(key => ({ required: [key] })) });

const containerVolume = z.strictObject({
  source: z.string().describe('The external volume reference.'),
  path: z.string().optional().describe('A sub path in the volume.'),
  readOnly: z.boolean().optional(),
});

const httpProbe = z.strictObject({
  host: z.string().min(1).optional(),
  scheme: z.enum(['HTTP', 'HTTPS']).optional(),
  path: z.string(),
  port: portNumber,
  httpHeaders: z
    .array(
      z.strictObject({
        name: z.string().regex(HEADER_NAME, 'letters, digits, "_" and "-"'),
        value: z.string().min(1),
      }),
    )
    .optional(),
});

const containerProbe = z
  .strictObject({
    httpGet: httpProbe.optional(),
    exec: z.strictObject({ command: z.array(z.string()) }).optional(),
  })
  .superRefine((probe, context) => {
    if (probe.httpGet === undefined && probe.exec === undefined) {
      context.addIssue({ code: 'custom', message: 'probe-empty' });
    }
  })
  .meta({ anyOf: [{ required: ['httpGet'] }, { required: ['exec'] }] });

const container = z
  .strictObject({
    image: z
      .string()
      .min(1)
      .describe('The container image. "." stands for one given at deploy.'),
    command: z.array(z.string()).optional(),
    args: z.array(z.string()).optional(),
    variables: z
      .record(
        z
          .string()
          .regex(VARIABLE_NAME, 'at least one character and no "="')
          .min(1),
        z.string(),
      )
      .optional()
      .describe('The environment variables.'),
    files: z.record(z.string(), containerFile).optional(),
    volumes: z.record(z.string(), containerVolume).optional(),
    before: z
      .record(
        label,
        z.strictObject({ ready: z.enum(['started', 'healthy', 'complete']) }),
      )
      .optional()
      .describe('Containers that start after this one.'),
    resources: z
      .strictObject({
        limits: computeResources.optional(),
        requests: computeResources.optional(),
      })
      .optional(),
    livenessProbe: containerProbe.optional(),
    readinessProbe: containerProbe.optional(),
  })
  .describe('A container of the workload.');

const resource = z
  .strictObject({
    type: typeName.describe('The resource type.'),
    class: typeName.optional().describe('A specialisation of the type.'),
    id: z
      .string()
      .regex(
        RESOURCE_ID,
        'labels of a-z, 0-9 and "-" with "." between them, 2 to 63 characters in all',
      )
      .min(2)
      .max(63)
      .optional()
      .describe(
        'Resources of the same type, class and id are the same resource.',
      ),
    metadata: z.looseObject({ annotations: annotations.optional() }).optional(),
    params: z.record(z.string(), json).optional(),
  })
  .describe('A resource the workload needs.');

/**
 * The shape of a Score spec (`score.dev/v1b1`) after deprecated forms were
 * upgraded.
 *
 * @public
 */
export const scoreSchema: z.ZodType = z
  .strictObject({
    apiVersion: z
      .literal('score.dev/v1b1')
      .describe('The version of the Score specification.'),
    metadata: z.looseObject({
      name: label.describe('The name of the workload.'),
      annotations: annotations.optional(),
    }),
    service: z
      .strictObject({ ports: z.record(label, servicePort).optional() })
      .optional(),
    containers: z
      .record(label, container)
      .superRefine((containers, context) => {
        if (Object.keys(containers).length === 0) {
          context.addIssue({ code: 'custom', message: 'containers-empty' });
        }
      })
      .meta({ minProperties: 1 }),
    resources: z.record(label, resource).optional(),
  })
  .describe('Score workload specification');
