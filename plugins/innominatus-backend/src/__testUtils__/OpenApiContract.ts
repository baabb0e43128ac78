import Ajv2020 from 'ajv/dist/2020';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Response } from 'supertest';
import { parse } from 'yaml';

const FILE = path.resolve(__dirname, '../../openapi.yaml');

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  [keyword: string]: unknown;
}

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
}

interface Declared {
  $ref?: string;
  content?: Record<string, { schema: Schema }>;
}

interface Operation {
  operationId: string;
  'x-permission'?: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Declared>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: {
    parameters: Record<string, Parameter>;
    responses: Record<string, Declared>;
    schemas: Record<string, Schema>;
  };
}

export interface DeclaredOperation {
  method: string;
  path: string;
  operation: Operation;
}

/** What `openapi.yaml` promises, to hold answers against. */
export class OpenApiContract {
  readonly #document: Document;
  readonly #ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    validateFormats: false,
  });
  readonly #used = new Set<string>();

  static load(): OpenApiContract {
    return new OpenApiContract(parse(readFileSync(FILE, 'utf8')));
  }

  private constructor(document: Document) {
    this.#document = document;
  }

  get operations(): DeclaredOperation[] {
    return Object.entries(this.#document.paths).flatMap(([route, verbs]) =>
      Object.entries(verbs).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: route,
        operation,
      })),
    );
  }

  /** Operations that no answer was checked against yet, errors apart. */
  get unused(): string[] {
    return this.operations
      .map(({ operation }) => operation.operationId)
      .filter(id => !this.#used.has(id));
  }

  /** Names of the query parameters of an operation. */
  queryParameters({ operation }: DeclaredOperation): string[] {
    return (operation.parameters ?? [])
      .map(item =>
        item.$ref
          ? this.#document.components.parameters[item.$ref.split('/')[3]]
          : item,
      )
      .filter(item => item.in === 'query')
      .map(item => item.name);
  }

  /** What is wrong with an answer, empty when it keeps the promise. */
  findings(response: Response): string[] {
    const { method, url } = response.request;
    const route = new URL(url).pathname.replace('/api/innominatus/v1', '');
    const found = this.#find(method, route);
    if (!found) {
      return [`${method} ${route} is not declared`];
    }
    const { operation } = found;
    const type = response.headers['content-type']?.split(';')[0] ?? '';
    const declared = this.#response(
      operation.responses[response.status] ??
        (response.status >= 400 ? operation.responses.default : undefined),
    );
    const schema = declared?.content?.[type]?.schema;
    if (!schema) {
      return [
        `${operation.operationId} declares no ${response.status} ${type}`,
      ];
    }
    if (response.status < 400) {
      this.#used.add(operation.operationId);
    }
    if (!type.endsWith('json')) {
      return [];
    }
    const body: unknown =
      typeof response.body === 'object' && Object.keys(response.body).length > 0
        ? response.body
        : JSON.parse(response.text);
    return this.#check(schema, body).map(
      finding => `${operation.operationId} ${response.status}: ${finding}`,
    );
  }

  /** Holds a value against a schema of the components. */
  findingsOf(name: string, value: unknown): string[] {
    return this.#check({ $ref: `#/components/schemas/${name}` }, value);
  }

  /** Holds the body of a request against what the operation takes. */
  requestFindings(operationId: string, body: unknown): string[] {
    const found = this.operations.find(
      item => item.operation.operationId === operationId,
    );
    const schema =
      found?.operation.requestBody?.content['application/json'].schema;
    return schema
      ? this.#check(schema, body)
      : [`${operationId} declares no body`];
  }

  #find(method: string, route: string): DeclaredOperation | undefined {
    const parts = route.split('/');
    const matches = this.operations.filter(
      item =>
        item.method === method &&
        item.path.split('/').length === parts.length &&
        item.path
          .split('/')
          .every(
            (part, index) => part.startsWith('{') || part === parts[index],
          ),
    );
    return matches.find(item => item.path === route) ?? matches[0];
  }

  #response(declared: Declared | undefined): Declared | undefined {
    return declared?.$ref
      ? this.#document.components.responses[declared.$ref.split('/')[3]]
      : declared;
  }

  #check(schema: Schema, value: unknown): string[] {
    const validate = this.#ajv.compile({
      ...schema,
      components: this.#document.components,
    });
    validate(value);
    return [
      ...(validate.errors ?? []).map(
        error => `${error.instancePath} ${error.message}`,
      ),
      ...this.#undeclared(schema, value, ''),
    ];
  }

  /** Properties that the schema does not know: JSON Schema lets them pass. */
  #undeclared(schema: Schema, value: unknown, at: string): string[] {
    const parts = this.#flatten(schema);
    if (Array.isArray(value)) {
      const items = parts.flatMap((part): Schema[] =>
        part.items ? [part.items] : [],
      );
      return items.length === 0
        ? []
        : value.flatMap((item, index) =>
            this.#undeclared({ anyOf: items }, item, `${at}/${index}`),
          );
    }
    if (typeof value !== 'object' || value === null) {
      return [];
    }
    return Object.entries(value).flatMap(([key, child]) => {
      const declared = parts.flatMap((part): Schema[] =>
        Object.hasOwn(part.properties ?? {}, key)
          ? [part.properties![key]]
          : [],
      );
      if (declared.length > 0) {
        return this.#undeclared({ anyOf: declared }, child, `${at}/${key}`);
      }
      const isOpen = parts.some(
        part =>
          part.additionalProperties !== undefined &&
          part.additionalProperties !== false,
      );
      const isAnything = parts.every(part => Object.keys(part).length === 0);
      return isOpen || isAnything ? [] : [`${at}/${key} is not declared`];
    });
  }

  #flatten(schema: Schema): Schema[] {
    if (schema.$ref) {
      const target =
        this.#document.components.schemas[schema.$ref.split('/')[3]];
      return this.#flatten(target);
    }
    const { allOf = [], anyOf = [], oneOf = [], ...rest } = schema;
    const nested = [...allOf, ...anyOf, ...oneOf];
    return [
      ...(nested.length === 0 || Object.keys(rest).length > 0 ? [rest] : []),
      ...nested.flatMap(part => this.#flatten(part)),
    ];
  }
}
