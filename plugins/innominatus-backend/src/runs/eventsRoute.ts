import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { Request, Response } from 'express';
import { EventStream } from '../http';
import { readPosition } from './readPosition';
import { RunViews } from './RunViews';
import { RunService } from './types';

/** A run may change many times a second; a reader need not see each. */
const PAUSE_MS = 100;

/**
 * Streams the summary of a run each time it changed. The id of an event is
 * the version of the run, so a reader that comes back misses nothing.
 */
export async function sendRunEvents(options: {
  request: Request;
  response: Response;
  query: Map<string, string>;
  id: string;
  credentials: BackstageCredentials;
  views: RunViews;
  runs: RunService;
}): Promise<void> {
  const { request, response, id, credentials, views, runs } = options;
  let version = readPosition(request, options.query) ?? 0;
  const stream = EventStream.open(request, response);
  const { signal } = stream;
  try {
    while (!signal.aborted) {
      const run = await views.getSummary(credentials, id);
      if (run.version > version) {
        version = run.version;
        await stream.send({ id: version, event: 'run', data: run });
      }
      if (run.endedAt !== undefined) {
        await stream.finish();
        return;
      }
      await runs.waitForChange({ id, version, signal });
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
    }
  } finally {
    // Without `end`, so that the reader comes back after an error.
    stream.close();
  }
}
