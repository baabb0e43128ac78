import {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { principalOf } from '../access/ServiceAccess';

/** Who asks for something, as policies see it. */
export interface Requester {
  /** Entity ref of a user, or the subject of a service. */
  ref: string;
  groups: string[];
}

/** Tells who calls, with the groups of a user. */
export class Requesters {
  readonly #userInfo: Pick<UserInfoService, 'getUserInfo'>;

  static create(options: {
    userInfo: Pick<UserInfoService, 'getUserInfo'>;
  }): Requesters {
    return new Requesters(options.userInfo);
  }

  private constructor(userInfo: Pick<UserInfoService, 'getUserInfo'>) {
    this.#userInfo = userInfo;
  }

  async find(
    credentials: BackstageCredentials,
  ): Promise<Requester | undefined> {
    const { type, subject, userEntityRef } = principalOf(credentials);
    if (type !== 'user' || userEntityRef === undefined) {
      return subject === undefined ? undefined : { ref: subject, groups: [] };
    }
    const { ownershipEntityRefs } =
      await this.#userInfo.getUserInfo(credentials);
    return {
      ref: userEntityRef,
      groups: ownershipEntityRefs
        .filter(ref => ref !== userEntityRef)
        .map(ref => ref.toLowerCase())
        .sort(),
    };
  }
}
