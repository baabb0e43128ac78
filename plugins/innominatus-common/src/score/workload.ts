import { JsonObject, JsonValue } from '../json';

/**
 * What one Score spec describes, in one canonical shape.
 *
 * @public
 */
export interface Workload {
  name: string;
  /** All of `metadata`, with `name` and `annotations`. */
  metadata: JsonObject;
  annotations: Record<string, string>;
  containers: Record<string, WorkloadContainer>;
  /** `service.ports` by name. */
  ports: Record<string, WorkloadPort>;
  resources: Record<string, WorkloadResource>;
  extensions: WorkloadExtensions;
}

/** @public */
export interface WorkloadContainer {
  image: string;
  command?: string[];
  args?: string[];
  /** Values may hold Score placeholders. */
  variables: Record<string, string>;
  /** By target path. */
  files: Record<string, WorkloadFile>;
  /** By target path. */
  volumes: Record<string, WorkloadVolume>;
  resources: {
    limits: WorkloadComputeResources;
    requests: WorkloadComputeResources;
  };
  livenessProbe?: WorkloadProbe;
  readinessProbe?: WorkloadProbe;
  /**
   * Containers that start after this one, and what this one must have
   * reached by then. Score's own text reads both ways; this is the meaning of
   * the word and of the implementation that has it.
   */
  before: Record<string, { ready: 'started' | 'healthy' | 'complete' }>;
}

/**
 * A file to place in a container; exactly one of `content`, `binaryContent`
 * and `source` is set.
 *
 * @public
 */
export interface WorkloadFile {
  content?: string;
  /** Standard base64. */
  binaryContent?: string;
  /** Path relative to the Score file. */
  source?: string;
  /** Octal, for example `0644`. */
  mode?: string;
  noExpand: boolean;
}

/** @public */
export interface WorkloadVolume {
  source: string;
  /** Path inside the volume. */
  path?: string;
  readOnly: boolean;
}

/** @public */
export interface WorkloadComputeResources {
  cpu?: string;
  memory?: string;
}

/** @public */
export interface WorkloadProbe {
  httpGet?: {
    host?: string;
    scheme?: 'HTTP' | 'HTTPS';
    path: string;
    port: number;
    httpHeaders?: Array<{ name: string; value: string }>;
  };
  exec?: { command: string[] };
}

/** @public */
export interface WorkloadPort {
  port: number;
  /** Default `TCP`. */
  protocol: 'TCP' | 'UDP';
  /** Default: the same as `port`. */
  targetPort: number;
}

/** @public */
export interface WorkloadResource {
  name: string;
  type: string;
  /** Default `default`. */
  class: string;
  /** Set when the resource is shared between workloads. */
  id?: string;
  /** `type.class#workload.name`, or `type.class#id` when shared. */
  uid: string;
  metadata: JsonObject;
  /** May hold Score placeholders at any depth. */
  params: JsonObject;
}

/**
 * Keys that innominatus reads although Score does not know them.
 *
 * @public
 */
export interface WorkloadExtensions {
  environment?: { type?: string; ttl?: string };
  /** Workflow definitions by name, as written. */
  workflows?: Record<string, JsonObject>;
}

/**
 * The normalised document of a Score spec: deprecated forms upgraded,
 * extensions taken out, schema-valid.
 *
 * @public
 */
export interface ScoreDocument {
  apiVersion: 'score.dev/v1b1';
  metadata: {
    name: string;
    annotations?: Record<string, string>;
    [key: string]: JsonValue | undefined;
  };
  service?: {
    ports?: Record<
      string,
      { port: number; protocol?: 'TCP' | 'UDP'; targetPort?: number }
    >;
  };
  containers: Record<string, ScoreContainer>;
  resources?: Record<
    string,
    {
      type: string;
      class?: string;
      id?: string;
      metadata?: JsonObject;
      params?: JsonObject;
    }
  >;
}

/** @public */
export interface ScoreContainer {
  image: string;
  command?: string[];
  args?: string[];
  variables?: Record<string, string>;
  files?: Record<
    string,
    {
      mode?: string;
      content?: string;
      binaryContent?: string;
      source?: string;
      noExpand?: boolean;
    }
  >;
  volumes?: Record<
    string,
    { source: string; path?: string; readOnly?: boolean }
  >;
  before?: Record<string, { ready: 'started' | 'healthy' | 'complete' }>;
  resources?: {
    limits?: WorkloadComputeResources;
    requests?: WorkloadComputeResources;
  };
  livenessProbe?: WorkloadProbe;
  readinessProbe?: WorkloadProbe;
}
