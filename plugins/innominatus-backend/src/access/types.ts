import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { AllowedAction } from '@innominatus/backstage-plugin-innominatus-common';
import { Permission } from '@backstage/plugin-permission-common';
import { Knex } from 'knex';

/**
 * The attributes of an object that rules look at.
 *
 * @public
 */
export interface AccessSubject {
  /** Entity ref of the owner of the application. */
  owner?: string;
  environment?: string;
  environmentType?: string;
  goldenPath?: string;
  category?: string;
  initiator?: string;
}

export interface AccessQuestion {
  permission: Permission;
  subject?: AccessSubject;
}

/** Columns of the table a list is read from, by attribute. */
export type AccessColumns = Partial<Record<keyof AccessSubject, string>>;

/** Answers who may do what. Every route handler asks it. */
export interface AccessControl {
  /**
   * Throws `NotFoundError` when the subject may not be read and
   * `NotAllowedError` when it may be read but the permission is denied.
   *
   * @param name - How the object is called in the error, for example `run 42`.
   */
  require(
    credentials: BackstageCredentials,
    question: AccessQuestion & { name: string; readPermission?: Permission },
  ): Promise<void>;
  /** One batched call for all questions, in their order. */
  check(
    credentials: BackstageCredentials,
    questions: AccessQuestion[],
  ): Promise<AllowedAction[]>;
  /**
   * Restricts a query to the rows that the caller may read.
   * Throws `NotAllowedError` when nothing may be read at all.
   */
  filter(
    credentials: BackstageCredentials,
    options: { permission: Permission; columns: AccessColumns },
  ): Promise<(query: Knex.QueryBuilder) => void>;
  /** Entity ref of the user, or the subject of the service; for records. */
  initiator(credentials: BackstageCredentials): string;
}
