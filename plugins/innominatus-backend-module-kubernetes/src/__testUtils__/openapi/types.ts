/** A part of the OpenAPI document of a release of Kubernetes. */
export interface OpenApiSchema {
  release: string;
  /** Names of the definitions that are objects of their own. */
  kinds: string[];
  definitions: Record<string, object>;
}
