import { approvals } from './approvals';
import { cancelling } from './cancelling';
import { failures } from './failures';
import { forEach } from './forEach';
import { identity } from './identity';
import { interruptions } from './interruptions';
import { order } from './order';
import { outputs } from './outputs';
import { outside } from './outside';
import { pausing } from './pausing';
import { retries } from './retries';
import { Scenario } from './Scenario';
import { takeovers } from './takeovers';
import { time } from './time';

export const SCENARIOS: Record<string, Scenario[]> = {
  order,
  forEach,
  failures,
  retries,
  time,
  approvals,
  cancelling,
  pausing,
  outputs,
  outside,
  identity,
  interruptions,
  takeovers,
};
