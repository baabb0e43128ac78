import { RunLogLine } from '@innominatus/backstage-plugin-innominatus-common';
import { Request, Response } from 'express';
import { once } from 'node:events';
import { RunChanges } from '../engine';
import { EventStream, readInteger, readQuery } from '../http';
import { readPosition } from './readPosition';
import { ReadLogsOptions, RunIdentity, RunStore } from './RunStore';

const DEFAULT_LIMIT = 1000;
const MAX_LIMIT = 5000;
const LINES_PER_READ = 1000;
const POLL_MS = 1000;

interface LogsRequest {
  request: Request;
  response: Response;
  run: RunIdentity;
  store: RunStore;
  changes: RunChanges;
}

/** The log of a run as a page, a live stream, or a text to download. */
export async function sendRunLogs(options: LogsRequest): Promise<void> {
  const { request, response, run, store } = options;
  const query = readQuery(request, [
    'after',
    'limit',
    'step',
    'attempt',
    'search',
  ]);
  const wanted: ReadLogsOptions = {
    id: run.id,
    after: readPosition(request, query),
    limit:
      readInteger(query, 'limit', { min: 1, max: MAX_LIMIT }) ?? DEFAULT_LIMIT,
    step: query.get('step') || undefined,
    attempt: readInteger(query, 'attempt', { min: 1, max: 1_000_000 }),
    search: query.get('search') || undefined,
  };
  response.vary('Accept');
  switch (
    request.accepts(['application/json', 'text/event-stream', 'text/plain'])
  ) {
    case 'text/event-stream':
      await follow(options, wanted);
      return;
    case 'text/plain':
      await download(options, wanted);
      return;
    default: {
      const items = await store.logs(wanted);
      response.json({
        items,
        nextAfter:
          items.length === wanted.limit ? items.at(-1)?.seq : undefined,
      });
    }
  }
}

/**
 * Sends what is there and then what comes, until the run has ended and its
 * last line was sent. The engine writes the log of a step before its end, so
 * nothing follows once the run has ended.
 */
async function follow(
  options: LogsRequest,
  wanted: ReadLogsOptions,
): Promise<void> {
  const { request, response, run, store, changes } = options;
  const watch = changes.watch(run.id);
  const stream = EventStream.open(request, response);
  const { signal } = stream;
  let after = wanted.after ?? 0;
  try {
    while (!signal.aborted) {
      // Asked before reading: lines written in between are read all the same.
      const ended = (await store.identify(run.id))?.ended ?? true;
      const lines = await store.logs({
        ...wanted,
        after,
        limit: LINES_PER_READ,
      });
      for (const line of lines) {
        await stream.send({ id: line.seq, event: 'log', data: line });
        after = line.seq;
      }
      if (lines.length < LINES_PER_READ) {
        if (ended) {
          await stream.finish();
          return;
        }
        await watch.wait({ timeoutMs: POLL_MS, signal });
      }
    }
  } finally {
    watch.close();
    stream.close();
  }
}

async function download(
  options: LogsRequest,
  wanted: ReadLogsOptions,
): Promise<void> {
  const { response, run, store } = options;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader(
    'Content-Disposition',
    `attachment; filename="run-${run.number}.log"`,
  );
  let after = wanted.after ?? 0;
  let lines: RunLogLine[];
  do {
    lines = await store.logs({ ...wanted, after, limit: LINES_PER_READ });
    after = lines.at(-1)?.seq ?? after;
    if (!response.write(lines.map(toText).join('')) && !response.destroyed) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  } while (lines.length === LINES_PER_READ && !response.destroyed);
  response.end();
}

function toText(line: RunLogLine): string {
  const attempt = line.attempt > 1 ? `#${line.attempt}` : '';
  const level = line.level === 'info' ? '' : `${line.level.toUpperCase()} `;
  return `${line.time} [${line.step}${attempt}] ${level}${line.text}\n`;
}
